package dev.vramcast.core.plan;

import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.search.BilledTime;
import dev.vramcast.core.plan.search.Memory;
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
record LineWriter(Question question, ModelProfile model, BilledTime billed, Memory memory) {

  PlanLine line(Found found, FitCheck check) {
    UsdPerHour price =
        found
            .offer()
            .offer()
            .price(question.rentals().purchase())
            .orElseThrow()
            .times(found.offer().nodes());
    Duration paid = found.offer().offer().terms().billed(found.choice().billed());
    TimeEstimate speed =
        TimeEstimator.estimate(
            model, found.choice().setting().job(), found.machine().gpu(), MatmulType.PRECISION);
    RunEstimate run = billed.run(speed, found.choice().setting().work());
    Optional<SpotRun> spot = billed.spot(speed, run);
    return new PlanLine(
        new PlanLine.Rental(
            found.offer().offer(), found.offer().nodes(), price, paid, beside(found).usd(paid)),
        speed,
        run,
        spot,
        check,
        reasons(found, check, price).remarks());
  }

  private Charges beside(Found found) {
    return Charges.stands(found.offer().offer().terms())
        ? found.offer().charges(memory.stored(found.choice().setting()))
        : Charges.NONE;
  }

  private Reasons reasons(Found found, FitCheck check, UsdPerHour price) {
    Offer offer = found.offer().offer();
    Duration held = offer.terms().billed(found.choice().billed(question.limits().confidence()));
    return new Reasons(
        question,
        found.machine(),
        offer,
        check,
        held,
        Usd.of(price, held).plus(beside(found).usd(held)),
        memory.hostBytes(found.choice().setting(), found.machine()));
  }
}
