//! Every kind of diagnostic, with the page that `plan explain` prints.

/// Whether a run can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, and the answer says so.
    Warning,
}

/// A stable name for a kind of diagnostic, for `plan explain <code>` and for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The file could not be read.
    Unreadable,
    /// The answer could not be written.
    Unwritable,
    /// The file is not text.
    NotUtf8,
    /// The file is too large to be a scenario.
    TooLarge,
    /// The text is not TOML, or not the format that it should be.
    Syntax,
    /// A field that does not exist.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// A value of the wrong type.
    WrongType,
    /// A value that cannot be read.
    BadValue,
    /// A value that lies outside what can be.
    OutOfRange,
    /// A name that stands for nothing.
    UnknownName,
    /// Two things that exclude each other.
    Conflict,
    /// A format, a version or a feature that is known but not supported.
    Unsupported,
    /// A path that is not on this machine.
    RemotePath,
    /// A table without a single byte.
    EmptyTable,
    /// A listing or a log that cannot be followed.
    BrokenTable,
    /// An executor that no node can hold.
    ExecutorTooLarge,
    /// An executor with less memory than Spark starts with.
    InvalidExecutorMemory,
    /// A split size of zero bytes.
    ZeroSplitSize,
    /// A setting whose value Spark refuses.
    RefusedSetting,
    /// Nothing is there to run on.
    NoSlots,
    /// More than the simulator takes on.
    TooMuch,
    /// A setting that this version of Spark does not know.
    UnknownSetting,
    /// A setting that Spark calls deprecated.
    DeprecatedSetting,
    /// Fewer executors than asked for.
    FewerExecutors,
    /// Something in an input that was passed over.
    PassedOver,
}

/// One row each: the code, its severity, and its page.
#[rustfmt::skip]
const PAGES: &[(Code, &str, Severity, &str)] = &[
    (Code::Unreadable, "unreadable", Severity::Error,
     "A file or a directory could not be opened. The message carries the system's own reason. Check \
      the path (it is taken relative to the scenario file) and the permissions."),
    (Code::Unwritable, "unwritable", Severity::Error,
     "The answer is there, but it could not be written where it should go. The message carries the \
      system's own reason: a directory that does not exist, no permission, no room."),
    (Code::NotUtf8, "not-utf8", Severity::Error,
     "Scenarios, settings files and listings are text in UTF-8. Save the file as UTF-8, or pass the \
      file that was meant."),
    (Code::TooLarge, "too-large", Severity::Error,
     "A scenario larger than 16 MiB is almost always the wrong file. A table with many files is \
      given by `path` or `listing`, not by listing its files in the scenario."),
    (Code::Syntax, "syntax", Severity::Error,
     "The text does not follow its format. For a scenario that is TOML 1.0: strings in quotes, one \
      `key = value` a line, tables in brackets."),
    (Code::UnknownField, "unknown-field", Severity::Error,
     "The scenario format has no field of that name here. `plan schema` prints every field, and an \
      editor that knows the schema completes them."),
    (Code::MissingField, "missing-field", Severity::Error,
     "A field without a sensible default is not there. The message says what it is for."),
    (Code::WrongType, "wrong-type", Severity::Error,
     "The value is of another type than the field: text where a number belongs, or the reverse."),
    (Code::BadValue, "bad-value", Severity::Error,
     "The value cannot be read. Sizes are written as `128m`, `10.1g` or `64 GiB` (powers of 1024), \
      times as `90 s` or `5 min`, shares as numbers between 0 and 1."),
    (Code::OutOfRange, "out-of-range", Severity::Error,
     "The value can be read but lies outside what can be. The message gives the range."),
    (Code::UnknownName, "unknown-name", Severity::Error,
     "The name stands for nothing: a table, a job, a pool, an instance type, a format or a codec \
      that is neither described in the scenario nor in the catalogs under `models/`."),
    (Code::Conflict, "conflict", Severity::Error,
     "Two things exclude each other, such as a table with both a path and a size. Keep the one that \
      is meant."),
    (Code::Unsupported, "unsupported", Severity::Error,
     "The thing is known but not supported here. Rather than answer with a number that would be \
      wrong, the run stops; the message says what would be needed."),
    (Code::RemotePath, "remote-path", Severity::Error,
     "`plan` works offline and reads no object store. Save a listing with the command in the \
      message and give it as `listing = \"FILE\"`."),
    (Code::EmptyTable, "empty-table", Severity::Error,
     "There is not a single byte to read: no data files, or only files of length zero, or only \
      hidden ones (names that begin with `_` or `.`). Spark plans zero tasks for such a table."),
    (Code::BrokenTable, "broken-table", Severity::Error,
     "A Delta log with a gap, a listing with lines that are none, a directory that cannot be \
      followed. Nothing is guessed: the message names the file and the line."),
    (Code::ExecutorTooLarge, "executor-too-large", Severity::Error,
     "The container of one executor needs more memory or cores than a node offers to it. The \
      container is heap + overhead + off-heap + Python memory, rounded up by YARN; standalone \
      workers offer the node's memory less 1 GiB."),
    (Code::InvalidExecutorMemory, "invalid-executor-memory", Severity::Error,
     "Spark refuses to start an executor or a driver with less than 471,859,200 bytes of heap \
      (1.5 × the reserved 300 MiB; UnifiedMemoryManager, error class INVALID_EXECUTOR_MEMORY). \
      For this one check Spark reads a bare number as bytes, so write the unit."),
    (Code::ZeroSplitSize, "zero-split-size", Severity::Error,
     "With `spark.sql.files.openCostInBytes = 0` and fewer bytes than minimum partitions the split \
      size becomes 0 and Spark fails while it cuts the first file (FilePartition.maxSplitBytes)."),
    (Code::RefusedSetting, "refused-setting", Severity::Error,
     "Spark itself would refuse this value, so the application would not start. Sizes and times in \
      `[conf]` are read exactly as Spark reads them: whole numbers with `k`, `m`, `g`, …"),
    (Code::NoSlots, "no-slots", Severity::Error,
     "No task can ever start: there is no executor, or `spark.task.cpus` is larger than the cores \
      of an executor."),
    (Code::TooMuch, "too-much", Severity::Error,
     "More tasks, slots, files or simulated time than the simulator takes on. The message gives \
      the limit."),
    (Code::UnknownSetting, "unknown-setting", Severity::Warning,
     "This version of Spark does not know the key. Spark ignores such keys silently, so a slip of \
      the pen goes unnoticed for months. Keys of other software (`spark.hadoop.*`, catalogs, \
      vendors) are passed over without a word."),
    (Code::DeprecatedSetting, "deprecated-setting", Severity::Warning,
     "Spark still takes the key but calls it deprecated, or has removed it and ignores it. The \
      message names what replaces it."),
    (Code::FewerExecutors, "fewer-executors", Severity::Warning,
     "The cluster manager grants fewer executors than the scenario asks for. The capacity section \
      shows the arithmetic of one node."),
    (Code::PassedOver, "passed-over", Severity::Warning,
     "Something in an input was read but cannot be used, and the answer is made without it."),
];

impl Code {
    /// Every code there is, in the order of `plan explain`.
    pub fn all() -> impl Iterator<Item = Self> {
        PAGES.iter().map(|(code, ..)| *code)
    }

    /// The name, in kebab-case.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// Whether a run can go on.
    pub fn severity(self) -> Severity {
        self.row().2
    }

    /// What it means and what to do about it.
    pub fn page(self) -> &'static str {
        self.row().3
    }

    /// The code of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|it| it.as_str() == name)
    }

    fn row(self) -> &'static (Self, &'static str, Severity, &'static str) {
        PAGES.iter().find(|(code, ..)| *code == self).expect("a test finds a page for every code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_page_and_one_name() {
        let last = Code::PassedOver as usize;
        assert_eq!(Code::all().count(), last + 1, "a code without a page, or a page twice");
        for (index, code) in Code::all().enumerate() {
            assert_eq!(code as usize, index, "{} stands out of order", code.as_str());
            assert_eq!(Code::named(code.as_str()), Some(code));
        }
    }
}
