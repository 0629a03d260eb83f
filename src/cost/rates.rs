//! What a task shares with its neighbours on the same node: storage, disks, network.

use crate::models::Measured;
use crate::models::storage::Storage;
use crate::units::Rate;

/// What surrounds the tasks of a stage.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where tables are; nothing where nobody said.
    pub storage: Option<&'static Storage>,
    /// What a node's disks move in a second, where somebody said.
    pub disk: Option<Rate>,
    /// What a node's network moves in a second, where it is known.
    pub network: Option<Rate>,
    /// Tasks that run on one node at the same time.
    pub neighbours: u64,
    /// Busy cores for each core of a node; more than 1 where a manager that does not count cores
    /// granted more than there are.
    pub crowding: f64,
}

/// Megabytes as vendors count them.
const MB: f64 = 1e6;

impl Surroundings {
    /// How long storage takes to answer, in seconds, and who says so.
    pub(super) fn first_byte(&self) -> Option<(f64, String)> {
        let storage = self.storage?;
        let fact = storage.first_byte_ms.as_ref()?;
        Some((fact.typical()? / 1e3, format!("models/storage/{}.toml, first byte", storage.kind)))
    }

    /// How long so many bytes take from or to storage: at the rate of one connection, or at this
    /// task's share of the node's network or disks, whichever is slower.
    pub(super) fn storage_seconds(&self, bytes: f64) -> Option<(Measured, String)> {
        let connection = self.storage.and_then(|storage| {
            let fact = storage.connection_mb_per_s.as_ref()?;
            let from = format!("models/storage/{}.toml, one connection", storage.kind);
            Some((fact.typical()? * MB, from))
        });
        let local = self.storage.is_none_or(|it| matches!(it.kind.as_str(), "nvme" | "ebs"));
        let shared = if local { self.disk } else { self.network };
        let name = if local { "the node's disks" } else { "the node's network" };
        let share = shared.map(|rate| {
            let from = format!("{name}, {rate} shared by {} tasks", self.neighbours);
            (rate.shared(self.neighbours).bytes_per_second(), from)
        });
        let slower = [connection, share].into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0));
        slower.map(|(rate, from)| (super::certain(bytes / rate), from))
    }

    /// How long so many bytes take on this task's share of the node's disks; no time where
    /// nobody said how fast they are.
    pub(super) fn disk_seconds(&self, bytes: f64) -> Measured {
        seconds(bytes, self.disk, self.neighbours)
    }

    /// The same for the network.
    pub(super) fn network_seconds(&self, bytes: f64) -> Measured {
        seconds(bytes, self.network, self.neighbours)
    }
}

fn seconds(bytes: f64, rate: Option<Rate>, neighbours: u64) -> Measured {
    let shared = rate.map(|it| it.shared(neighbours).bytes_per_second());
    super::certain(shared.map_or(0.0, |it| bytes / it))
}
