use super::*;
use crate::evidence::disk::Memory;
use crate::evidence::progress::unwatched;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write;

fn of(text: impl Into<Vec<u8>>, prefix: Option<&str>) -> Result<Listing, Problem> {
    let disk = Memory::new().file("l", text);
    read(&disk, Path::new("l"), prefix, false, &mut unwatched)
}

const AWS: &str = "\
2024-05-01 09:30:00          0 w/t/
2024-05-01 09:30:00          0 w/t/_SUCCESS
2024-05-01 09:30:00       1234 w/t/day=2024-05-01/part-0.csv.gz
2024-05-01 09:30:00         66 w/t/day=2024-05-02/a b.csv.gz

Total Objects: 4
   Total Size: 1300
";

fn found(listing: &Listing) -> Vec<(&str, u64)> {
    listing.files.files.iter().map(|file| (&*file.path, file.bytes.get())).collect()
}

#[test]
fn a_listing_of_aws_is_a_table() {
    let listing = of(AWS, None).unwrap();
    assert_eq!((listing.form, &*listing.root), (Form::Aws, "w/t"));
    assert_eq!(
        found(&listing),
        [("day=2024-05-01/part-0.csv.gz", 1234), ("day=2024-05-02/a b.csv.gz", 66)]
    );
    assert_eq!(listing.files.partition_columns, ["day"]);
    assert_eq!(listing.files.ignored[&Why::FolderMarker].count, 1);
    assert_eq!(listing.files.format(), Some("csv"));
    assert_eq!(listing.bad, BadLines::default());
    assert_eq!(of(AWS.replace('\n', "\r\n"), None).unwrap(), listing);
}

#[test]
fn a_prefix_selects_a_table() {
    let listing = of(AWS, Some("s3://bucket/w/t/day=2024-05-02/")).unwrap();
    assert_eq!(found(&listing), [("a b.csv.gz", 66)]);
    assert_eq!(listing.outside, 3);
    let single = of(AWS, Some("w/t/day=2024-05-01/part-0.csv.gz")).unwrap();
    assert_eq!(found(&single), [("part-0.csv.gz", 1234)]);
    assert_eq!(of(AWS, Some("w/x")).unwrap_err().kind, Kind::Empty);
}

#[test]
fn bad_lines_are_kept_with_their_numbers() {
    let text = AWS.replace("Total Objects: 4", "fatal: the network is down");
    let listing = of(text, None).unwrap();
    assert_eq!((listing.bad.count, listing.bad.first[0].0), (1, 6));
}

#[test]
fn what_cannot_be_trusted_is_refused() {
    let kind = |text: &str| of(text, None).unwrap_err().kind;
    assert_eq!(kind(&AWS.replace("1234 ", "1.2 KiB ")), Kind::RoundedSizes);
    assert_eq!(kind(&AWS.replace("Objects: 4", "Objects: 5")), Kind::CutListing);
    assert_eq!(kind("hello\nworld\n"), Kind::NotAListing);
    assert_eq!(kind(""), Kind::NotAListing);
    let delta = AWS.replace("_SUCCESS", "_delta_log/00000000000000000000.json");
    let problem = of(delta, None).unwrap_err();
    assert!(problem.kind == Kind::NeedsLog && problem.what.contains("`w/t`"), "{}", problem.what);
    assert_eq!(of([0xff, 0xfe, b'2', 0], None).unwrap_err().kind, Kind::NotText);
}

#[test]
fn hdfs_and_gcloud_are_recognised() {
    let hdfs = "\
WARN util.NativeCodeLoader: Unable to load
drwxr-xr-x   - me us          0 2024-05-01 09:30 /w/t/k=1
-rw-r--r--   3 me us       1234 2024-05-01 09:30 /w/t/k=1/a.orc
-rw-r--r--   3 me us          7 2024-05-01 09:30 hdfs://nn:8020/w/t/k=2/b.orc
";
    let listing = of(hdfs, None).unwrap();
    assert_eq!((listing.form, &*listing.root, listing.bad.count), (Form::Hdfs, "w/t", 1));
    assert_eq!(found(&listing), [("k=1/a.orc", 1234), ("k=2/b.orc", 7)]);
    let gcloud = "gs://b/t/:\n    12  2024-05-01T09:30:00Z  gs://b/t/a.avro\nTOTAL: 1 objects, 12 bytes (12B)\n";
    let listing = of(gcloud, None).unwrap();
    assert_eq!((listing.form, found(&listing)), (Form::Gcloud, vec![("a.avro", 12)]));
}

#[test]
fn an_inventory_may_be_gzipped() {
    let text = "\"b\",\"t/k%3D1/a.parquet\",\"10\"\n\"b\",\"t/k%3D2/b.parquet\",\"20\"\n";
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let listing = of(gzip.clone(), None).unwrap();
    assert_eq!(listing, of(text, None).unwrap());
    assert_eq!((listing.form, found(&listing).len()), (Form::Inventory, 2));
    let cut = of(&gzip[..gzip.len() - 9], None).unwrap_err();
    assert_eq!(cut.kind, Kind::CutListing);
}

fn never_panics(bytes: &[u8]) {
    for prefix in [None, Some("w/t")] {
        drop(of(bytes, prefix));
    }
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)]) -> Vec<u8> {
    for (at, byte) in changes {
        let at = at % bytes.len();
        bytes[at] = *byte;
    }
    bytes
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) { never_panics(&bytes); }

    #[test]
    fn any_change_of_a_listing_is_answered(changes in proptest::collection::vec(any::<(usize, u8)>(), 1..20)) {
        never_panics(&mutated(AWS.into(), &changes));
        never_panics(&mutated(b"-rw-r--r--   3 me us 7 2024-05-01 09:30 /t/a\n\"b\",\"k\",\"1\"\n".to_vec(), &changes));
    }
}
