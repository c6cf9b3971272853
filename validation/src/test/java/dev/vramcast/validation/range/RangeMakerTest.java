package dev.vramcast.validation.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.range.Era;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.ModelKind;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import dev.vramcast.core.range.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RangeMakerTest {

  @Test
  void runs_that_say_the_same_are_one_line() {
    List<RunError> errors = new ArrayList<>(Collections.nCopies(5, of("trl", "a", 1.0000004)));
    errors.add(of("trl", "a", 1));
    errors.add(of("trl", "b", 1));

    assertThat(RangeMaker.of(errors).rows())
        .extracting(row -> row.source() + " " + row.ratio() + " " + row.runs())
        .containsExactly("a 1.0 6", "b 1.0 1");
  }

  @Test
  void the_order_of_the_runs_does_not_matter() {
    List<RunError> errors = new ArrayList<>(sources(0.05));
    RangeTable one = RangeMaker.of(errors);
    Collections.shuffle(errors, new Random(7));

    assertThat(RangeMaker.of(errors).rows()).isEqualTo(one.rows());
  }

  @Test
  void sources_that_agree_need_no_more_than_themselves() {
    assertThat(RangeMaker.of(sources(0)).shrinkage()).isEqualTo(1);
  }

  /** Each source is off by another amount, so a range made of the others has to be wide. */
  @Test
  void most_runs_lie_in_ranges_without_their_source_where_sources_differ() {
    LeftOut left = LeftOut.of(RangeMaker.of(sources(0.05)));

    assertThat(left.all().value()).isGreaterThanOrEqualTo(0.8);
    assertThat(left.bySource()).hasSize(20);
  }

  @Test
  void what_is_missing_of_a_source_of_a_few_runs_is_not_asked_for() {
    RangeTable table = new RangeTable(List.of(of("trl", "a", 1), of("trl", "b", 2)), 1);

    assertThat(LeftOut.of(table).bySource().values()).allMatch(share -> share.runs() < LeftOut.FEW);
    assertThat(LeftOut.of(table).missing()).isLessThanOrEqualTo(0.9);
  }

  @Test
  void
      a_run_whose_routers_may_have_sent_more_asks_nothing_of_ranges_and_widens_those_of_its_kind() {
    RunError routed = of("torchtitan", "ao", 1.35, Spread.EXPERT_PARALLEL);
    RunError other = of("torchtitan", "titan", 1.01, Spread.FSDP);
    RangeTable table = new RangeTable(List.of(routed, other), 4);

    assertThat(LeftOut.of(table).bySource()).containsOnlyKeys("titan");
    assertThat(table.find(routed.figure(), routed.kind()).orElseThrow().range().high())
        .isEqualTo(1.35);
  }

  /** Twenty sources of two frameworks with ten runs each, whose means differ. */
  private static List<RunError> sources(double spread) {
    Random random = new Random(3);
    List<RunError> errors = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double mean = spread * random.nextGaussian();
      for (int run = 0; run < 10; run++) {
        double noise = spread / 5 * random.nextGaussian();
        errors.add(of(i % 2 == 0 ? "trl" : "litgpt", "source " + i, Math.exp(mean + noise)));
      }
    }
    return errors;
  }

  private static RunError of(String framework, String source, double ratio) {
    return of(framework, source, ratio, Spread.ONE_GPU);
  }

  private static RunError of(String framework, String source, double ratio, Spread spread) {
    JobKind kind =
        new JobKind(framework, ModelKind.DENSE, spread, Stage.SFT, Optional.of(Era.SINCE_5));
    return new RunError(Figure.DEVICE, kind, source, ratio, false, 1);
  }
}
