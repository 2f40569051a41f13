//! This machine's clock, set while everything else is well.

use crate::{bench::Bench, judged::names, pages};
use model::{finding::CheckCode::Clocks, state::Tone};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_is_noticed_and_what_is_well_stays_well() {
    let bench = Bench::ready(lab::Options::default()).await;
    for seconds in [-24 * 3_600, 24 * 3_600] {
        bench.world.clock.set_by(seconds);
        bench.looks().await;
        // The nodes' clocks agree, so that it is this machine's that is told of.
        let (view, says) = (bench.view().await, "this machine's clock");
        assert_eq!(names(&view, Clocks, says, &[Clocks]), Ok(()), "{seconds}");
        assert_eq!(pages::name(&bench, &view, Clocks, says).await, Ok(()), "{seconds}");
        assert_eq!(bench.world.services.clock_step().unwrap().by.as_secs(), seconds);
        bench.world.clock.set_by(-seconds);
        bench.looks().await;
        assert_eq!(pages::are_well(&bench).await, Ok(()), "{seconds}");
    }
    // Without a look, a clock that goes forward leaves nothing fresh, and one that goes back makes nothing younger.
    bench.world.clock.set_by(3_600);
    assert_ne!(bench.view().await.verdict().0, Tone::Good);
    bench.world.clock.set_by(-3_600);
    bench.world.lab.advance(Duration::from_secs(11)).await;
    bench.world.clock.set_by(-10);
    assert_ne!(bench.view().await.verdict().0, Tone::Good);
}
