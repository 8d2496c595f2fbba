//! What the workers count, for whoever serves `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// How something ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Ended {
    outcome: &'static str,
}

/// Counters and gauges of all workers. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics {
    deliveries: Family<Ended, Counter>,
    inbox: Family<Ended, Counter>,
    dead_letters: Counter,
    letters: Family<Ended, Counter>,
    pushes: Family<Ended, Counter>,
    numbered: Counter,
    restarts: Counter,
    /// Deliveries under way.
    pub(super) in_flight: Gauge,
    /// Entries that wait in memory, over all servers.
    pub(super) waiting: Gauge,
    /// Servers that have more to be told than fits into memory.
    pub(super) behind: Gauge,
    /// Servers that are failing or parked.
    pub(super) failing: Gauge,
    /// Received activities that wait or are being processed.
    pub(super) received: Gauge,
    /// Letters that wait to be sent.
    pub(super) letters_waiting: Gauge,
}

impl Metrics {
    /// Puts everything into a registry.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.begin_at_nothing();
        let registry = registry.sub_registry_with_prefix("guildhall");
        registry.register(
            "deliveries",
            "Tries of deliveries, by outcome",
            self.deliveries.clone(),
        );
        registry.register(
            "inbox",
            "Received activities, by outcome",
            self.inbox.clone(),
        );
        let letters = self.dead_letters.clone();
        registry.register(
            "dead_letters",
            "Entries that a server will not be told",
            letters,
        );
        registry.register(
            "letters",
            "Tries to send a letter by mail, by outcome",
            self.letters.clone(),
        );
        registry.register(
            "pushes",
            "Tries to send news to a browser, by outcome",
            self.pushes.clone(),
        );
        let numbered = self.numbered.clone();
        registry.register(
            "outbox_entries",
            "Entries of the outbox log handed out",
            numbered,
        );
        let restarts = self.restarts.clone();
        registry.register(
            "worker_restarts",
            "Workers that failed and were restarted",
            restarts,
        );
        let gauges = [
            (
                "deliveries_in_flight",
                "Deliveries under way",
                &self.in_flight,
            ),
            (
                "delivery_queue",
                "Entries that wait in memory for servers",
                &self.waiting,
            ),
            (
                "servers_behind",
                "Servers that are read the log",
                &self.behind,
            ),
            (
                "servers_failing",
                "Servers that do not take deliveries",
                &self.failing,
            ),
            (
                "inbox_queue",
                "Received activities that are not processed yet",
                &self.received,
            ),
            (
                "letter_queue",
                "Letters that wait to be sent by mail",
                &self.letters_waiting,
            ),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
    }

    /// Every outcome is there from the start, so that the first of its kind is seen as an increase.
    fn begin_at_nothing(&self) {
        let outcomes = [
            (
                &self.deliveries,
                "taken nothing refused unauthorised failed broken",
            ),
            (&self.inbox, "done refused later parked"),
            (&self.letters, "sent filed refused put_off too_late"),
            (&self.pushes, "sent hopeless gone put_off"),
        ];
        for (family, names) in outcomes {
            for outcome in names.split(' ') {
                drop(family.get_or_create(&Ended { outcome }));
            }
        }
    }

    pub(super) fn delivery(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&Ended { outcome }).inc();
    }

    pub(super) fn processed(&self, outcome: &'static str) {
        self.inbox.get_or_create(&Ended { outcome }).inc();
    }

    pub(super) fn letter(&self, outcome: &'static str) {
        self.letters.get_or_create(&Ended { outcome }).inc();
    }

    pub(super) fn push(&self, outcome: &'static str) {
        self.pushes.get_or_create(&Ended { outcome }).inc();
    }

    pub(super) fn dead_letter(&self) {
        self.dead_letters.inc();
    }

    pub(super) fn numbered(&self, entries: usize) {
        self.numbered.inc_by(entries as u64);
    }

    pub(super) fn restarted(&self) {
        self.restarts.inc();
    }

    /// How often a delivery ended like this.
    #[cfg(test)]
    pub(super) fn deliveries_that(&self, outcome: &'static str) -> u64 {
        self.deliveries.get_or_create(&Ended { outcome }).get()
    }
}
