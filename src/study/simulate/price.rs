//! What it costs, line by line.

use crate::report::{Cost, CostLine, Interval};
use crate::scenario::Cluster;

const SECONDS_PER_HOUR: f64 = 3600.0;

pub(super) fn cost(cluster: &Cluster, seconds: Interval) -> Cost {
    let times = |per_hour: f64| Interval {
        typical: per_hour * seconds.typical / SECONDS_PER_HOUR,
        low: per_hour * seconds.low / SECONDS_PER_HOUR,
        high: per_hour * seconds.high / SECONDS_PER_HOUR,
    };
    let lines: Vec<CostLine> = cluster
        .charges
        .iter()
        .map(|charge| CostLine {
            name: charge.name.clone(),
            dollars_per_hour: charge.per_hour.get(),
            dollars: times(charge.per_hour.get()),
            source: charge.source.clone(),
        })
        .collect();
    if !cluster.priced {
        let note = "no price: give `cluster.node.price_per_hour`, or an `instance` whose price is \
                    in the catalog";
        return Cost { dollars: None, lines, note: note.to_owned() };
    }
    let per_hour: f64 = lines.iter().map(|it| it.dollars_per_hour).sum();
    let note = "for the time of the jobs alone: starting machines, the driver's machine, storage \
                and requests are not in it";
    Cost { dollars: Some(times(per_hour)), lines, note: note.to_owned() }
}
