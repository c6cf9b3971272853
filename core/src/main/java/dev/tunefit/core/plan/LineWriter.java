package dev.tunefit.core.plan;

import dev.tunefit.core.cost.SpotRun;
import dev.tunefit.core.cost.Usd;
import dev.tunefit.core.fit.FitCheck;
import dev.tunefit.core.market.UsdPerHour;
import dev.tunefit.core.plan.Search.Found;
import dev.tunefit.core.time.MatmulType;
import dev.tunefit.core.time.ModelProfile;
import dev.tunefit.core.time.RunEstimate;
import dev.tunefit.core.time.TimeEstimate;
import dev.tunefit.core.time.TimeEstimator;
import java.time.Duration;
import java.util.Optional;

/** Writes out what a search found. */
record LineWriter(Question question, ModelProfile model, Wall wall) {

  PlanLine line(Found found, FitCheck check) {
    UsdPerHour price = found.offer().offer().price(question.purchase()).orElseThrow();
    Duration paid = found.choice().wall();
    TimeEstimate speed =
        TimeEstimator.estimate(
            model, found.choice().setting().job(), found.machine().gpu(), MatmulType.PRECISION);
    RunEstimate run = wall.run(speed, found.choice().setting().tokens());
    Optional<SpotRun> spot = wall.spot(speed, run);
    Usd cost = Usd.of(price, paid);
    return new PlanLine(
        found.offer().offer(),
        price,
        paid,
        cost,
        speed,
        run,
        spot,
        check,
        new Reasons(question, found.machine(), check, paid, cost).sentences());
  }
}
