//! How much of `-Xmx` the JVM lets Spark use: `Runtime.maxMemory`.
//!
//! This is the JVM's decision. G1 and Z hand out all of it; Parallel and Serial keep survivor
//! spaces back, a ninth and a thirtieth of the heap at their default ratios. Measured with
//! JDK 17.0.15 at `-Xmx` of 512m, 1g, 3333m, 4g, 8g and 21g on 2026-11-20: G1, Z and Shenandoah
//! equal at whole multiples of 32 MiB, Parallel within 0.1 % above 8/9, Serial within 0.001 % of
//! 29/30.

/// A garbage collector of the JVM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collector {
    /// `-XX:+UseG1GC`, what JDK 9 and later choose on two processors and 1,792 MiB or more.
    #[default]
    G1,
    /// `-XX:+UseParallelGC`.
    Parallel,
    /// `-XX:+UseSerialGC`, what the JVM chooses on smaller machines.
    Serial,
    /// `-XX:+UseZGC`.
    Zgc,
    /// `-XX:+UseShenandoahGC`.
    Shenandoah,
}

/// The heap that Spark sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsableHeap {
    /// In bytes.
    pub bytes: i64,
    /// Whether this is exact. Otherwise it is a measured ratio, or a heap that the JVM rounds to
    /// whole regions of at most 32 MiB.
    pub exact: bool,
}

/// The heap that Spark sees under `-Xmx` of so many bytes.
pub fn usable_heap(xmx: i64, collector: Collector) -> UsableHeap {
    const LARGEST_REGION: i64 = 32 << 20;
    let xmx = xmx.max(0);
    match collector {
        Collector::G1 | Collector::Zgc | Collector::Shenandoah => {
            UsableHeap { bytes: xmx, exact: xmx % LARGEST_REGION == 0 }
        }
        Collector::Parallel => UsableHeap { bytes: xmx - xmx / 9, exact: false },
        Collector::Serial => UsableHeap { bytes: xmx - xmx / 30, exact: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: i64 = 1 << 20;
    /// What JDK 17.0.15 answered: `-Xmx` in MiB, Parallel, Serial.
    const MEASURED: [(i64, i64, i64); 6] = [
        (512, 477_626_368, 518_979_584),
        (1024, 954_728_448, 1_037_959_168),
        (3333, 3_107_979_264, 3_379_429_376),
        (4096, 3_817_865_216, 4_151_836_672),
        (8192, 7_635_730_432, 8_303_607_808),
        (21_504, 20_043_530_240, 21_797_011_456),
    ];

    #[test]
    fn measured_heaps_are_met_within_a_thousandth() {
        for (xmx, parallel, serial) in MEASURED {
            let off = |collector, measured: i64| {
                (usable_heap(xmx * MIB, collector).bytes - measured).abs() * 1000 < measured
            };
            assert!(off(Collector::Parallel, parallel) && off(Collector::Serial, serial), "{xmx}");
        }
    }

    #[test]
    fn g1_hands_out_everything() {
        let whole = usable_heap(21_504 * MIB, Collector::G1);
        assert_eq!(whole, UsableHeap { bytes: 21_504 * MIB, exact: true });
        assert!(!usable_heap(3333 * MIB, Collector::G1).exact);
        assert_eq!(usable_heap(i64::MIN, Collector::Serial).bytes, 0);
    }
}
