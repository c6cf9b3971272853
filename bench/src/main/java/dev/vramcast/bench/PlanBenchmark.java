package dev.vramcast.bench;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.Planner;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.search.Rentals;
import dev.vramcast.core.plan.search.SearchResult;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.time.RunExtras;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The whole bundled market for one job, with more than 100,000 candidates; nothing is kept. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class PlanBenchmark {

  /** A step of so many sequences can be divided in 30 ways. */
  private static final int SEQUENCES = 720;

  private static final int LINES = 10;

  @Param({"llama-3.1-8b", "llama-3.1-70b"})
  public String model;

  @Param({"COST", "TIME", "BOTH"})
  public Ranking ranking;

  private FitEvaluator evaluator;
  private Question question;

  /** Everything that is known before machines are looked for. */
  @Setup
  public void prepare() {
    List<Offer> market = PriceLists.open(PriceLists.MARKET, Optional.empty()).list().offers();
    evaluator =
        FitEvaluator.of(Job.architecture(model), market.get(0).gpu(), 0, RangeFile.embedded());
    question =
        new Question(
            JobDocument.empty()
                .withFlag(JobKey.MODEL_ID, model)
                .withFlag(JobKey.SEQUENCE_LENGTH, "4096")
                .withFlag(JobKey.TOKENS, "1e8"),
            new Choices(List.of(Method.FULL, Method.LORA, Method.QLORA), OptionalInt.of(SEQUENCES)),
            Rentals.of(market),
            Limits.NONE,
            RunExtras.USUAL,
            SpotTerms.USUAL);
    System.out.println(planner().candidates() + " candidates");
  }

  private Planner planner() {
    return new Planner(evaluator, question, Progress.NONE);
  }

  /** The best offers with their cost and time. */
  @Benchmark
  public List<SearchResult> search() {
    return planner().search(ranking, LINES);
  }

  /** The same with all figures of each, for which the allocator is replayed. */
  @Benchmark
  public Plan plan() {
    return planner().plan(ranking, LINES);
  }
}
