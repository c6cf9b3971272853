package dev.vramcast.core.plan;

import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.search.BilledTime;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Search.Found;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import java.time.Duration;
import java.util.Optional;

/** Writes out what a search found. */
record LineWriter(Question question, ModelProfile model, BilledTime billed) {

  PlanLine line(Found found, FitCheck check) {
    UsdPerHour price = found.offer().offer().price(question.purchase()).orElseThrow();
    Duration paid = found.offer().offer().terms().billed(found.choice().billed());
    TimeEstimate speed =
        TimeEstimator.estimate(
            model, found.choice().setting().job(), found.machine().gpu(), MatmulType.PRECISION);
    RunEstimate run = billed.run(speed, found.choice().setting().tokens());
    Optional<SpotRun> spot = billed.spot(speed, run);
    return new PlanLine(
        found.offer().offer(),
        price,
        paid,
        speed,
        run,
        spot,
        check,
        new Reasons(question, found.machine(), check, paid, Usd.of(price, paid)).remarks());
  }
}
