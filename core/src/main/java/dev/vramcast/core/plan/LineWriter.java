package dev.vramcast.core.plan;

import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.plan.search.BilledTime;
import dev.vramcast.core.plan.search.CertainFit;
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
record LineWriter(Question question, ModelProfile model, BilledTime billed, CertainFit memory) {

  PlanLine line(Found found, FitCheck check) {
    Bill bill =
        found.offer().bill(question.rentals().purchase(), memory::stored, found.choice().setting());
    TimeEstimate speed =
        TimeEstimator.estimate(
            model, found.choice().setting().job(), found.machine().gpu(), MatmulType.PRECISION);
    RunEstimate run = billed.run(speed, found.choice().setting());
    Optional<SpotRun> spot = billed.spot(speed, run, found.choice().setting());
    PlanLine.Rental rental =
        new PlanLine.Rental(
            found.offer().offer(),
            found.offer().nodes(),
            bill,
            found.choice().billed(),
            found.choice().billed(question.limits().confidence()));
    return new PlanLine(rental, speed, run, spot, check, reasons(found, check, bill).remarks());
  }

  private Reasons reasons(Found found, FitCheck check, Bill bill) {
    Duration held = found.choice().billed(question.limits().confidence());
    return new Reasons(
        question,
        found.machine(),
        found.offer().offer(),
        check,
        bill.billed(held),
        bill.whole(held),
        memory.hostBytes(found.choice().setting(), found.machine()));
  }
}
