package dev.vramcast.core.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.job.objective.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTableTest {

  private static final JobKind OTHER = RunErrors.of("other");

  @Test
  void a_table_without_runs_has_no_range() {
    assertThat(new RangeTable(List.of(), 1).find(Figure.DEVICE, RunErrors.KIND)).isEmpty();
  }

  @Test
  void the_next_run_is_like_those_of_the_source_or_of_the_wider_group() {
    RunError own = RunErrors.of(RunErrors.KIND, "a", 1.5);
    List<RunError> runs = List.of(own, own, own, RunErrors.of(OTHER, "b", 2));

    RangeRow row = find(runs, 1, RunErrors.KIND);

    assertThat(row.errors().chanceBelow(1.5) - row.errors().chanceBelow(1.49))
        .isGreaterThanOrEqualTo(0.5);
    assertThat(row.errors().chanceBelow(1.99)).isLessThan(1);
    assertThat(row.met()).isTrue();
    assertThat(row.runs()).isEqualTo(3);
    assertThat(row.words()).isEqualTo("device, transformers, dense, one GPU, sft, Transformers 5");
  }

  @Test
  void bytes_that_a_setting_says_have_no_range() {
    RangeRow row =
        find(
            List.of(RunErrors.of(RunErrors.KIND, "a", 1.5), RunErrors.of(RunErrors.KIND, "b", 0.8)),
            1,
            RunErrors.KIND);
    ByteRange rest = row.about(40);

    assertThat(row.knowing(60, 0).about(100))
        .isEqualTo(new ByteRange(60 + rest.lowBytes(), 60 + rest.highBytes()));
    assertThat(row.knowing(60, 0).chance(100, 60 + 60)).isEqualTo(row.chance(40, 60));
    assertThat(row.knowing(100, 0).about(100)).isEqualTo(new ByteRange(100, 100));
    assertThat(row.knowing(100, 0).chance(100, 99)).isZero();
  }

  @Test
  void an_engines_share_has_the_errors_of_runs_that_had_an_engine() {
    JobKind grpo =
        new JobKind("easyr1", ModelKind.DENSE, Spread.FSDP, Stage.GRPO, Optional.of(Era.SINCE_5));
    RangeRow row =
        find(
            List.of(
                RunErrors.of(grpo, "a", 1.5),
                RunErrors.of(grpo, "a", 1.4),
                RunErrors.of(grpo, "b", 0.8)),
            1,
            grpo);

    assertThat(row.knowing(60, 0).about(100)).isEqualTo(row.about(100));
  }

  @Test
  void a_range_does_not_reach_below_what_is_there_between_steps() {
    RangeRow row =
        find(
            List.of(RunErrors.of(RunErrors.KIND, "a", 1.5), RunErrors.of(RunErrors.KIND, "b", 0.5)),
            1,
            RunErrors.KIND);

    assertThat(row.about(100).lowBytes()).isLessThan(80);
    assertThat(row.knowing(0, 80).about(100))
        .isEqualTo(new ByteRange(80, row.about(100).highBytes()));
    assertThat(row.knowing(0, 80).chance(100, 79)).isLessThan(row.chance(100, 79));
    assertThat(row.knowing(0, 80).chance(100, 80)).isEqualTo(row.chance(100, 80));
  }

  @Test
  void a_source_counts_once_however_many_runs_it_has() {
    List<RunError> few = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 60, 3));
    few.add(RunErrors.of(RunErrors.KIND, "large", 1));
    List<RunError> many = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 60, 3));
    many.addAll(Collections.nCopies(1000, RunErrors.of(RunErrors.KIND, "large", 1)));

    assertThat(find(many, 1, RunErrors.KIND).range())
        .isEqualTo(find(few, 1, RunErrors.KIND).range());
  }

  @Test
  void runs_that_were_put_together_count_as_many() {
    List<RunError> apart = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 20, 1));
    apart.addAll(Collections.nCopies(30, RunErrors.of(RunErrors.KIND, "source 0", 1.07)));
    List<RunError> together = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 20, 1));
    together.add(new RunError(Figure.DEVICE, RunErrors.KIND, "source 0", 1.07, false, 30));

    RangeRow row = find(together, 1, RunErrors.KIND);

    assertThat(row.range()).isEqualTo(find(apart, 1, RunErrors.KIND).range());
    assertThat(row.runs()).isEqualTo(50);
  }

  @Test
  void a_framework_that_nobody_has_run_is_wide_and_said_to_be() {
    List<RunError> runs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      runs.add(RunErrors.of(RunErrors.of("framework " + i), "source " + i, 1 + i / 10.0));
    }

    RangeRow unknown = find(runs, 1, RunErrors.of("new"));
    RangeRow known = find(runs, 1, RunErrors.of("framework 1"));

    assertThat(unknown.met()).isFalse();
    assertThat(unknown.words()).isEqualTo("fewer than 3 runs of new: wide, by all figures");
    assertThat(width(unknown)).isGreaterThanOrEqualTo(width(known));
    // Of which sign the errors of other frameworks are is not learnt.
    assertThat(unknown.range().low()).isCloseTo(1 / unknown.range().high(), within(1e-5));
    // It ends where errors do, with the chance that a range's end has.
    assertThat(unknown.range().high()).isEqualTo(2.1);
    assertThat(unknown.chance(1000, 2100)).isCloseTo(0.95, within(1e-9));
    assertThat(unknown.chance(1000, 100)).isCloseTo(0.05, within(1e-9));
    assertThat(find(runs, 64, RunErrors.of("new")).range()).isEqualTo(unknown.range());
  }

  @Test
  void a_source_is_judged_without_its_own_runs() {
    List<RunError> runs = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 100, 5));
    runs.addAll(Collections.nCopies(30, RunErrors.of(RunErrors.KIND, "odd", 9)));
    RangeTable table = new RangeTable(runs, 1);

    RangeRow forOdd = table.findWithout("odd", Figure.DEVICE, RunErrors.KIND).orElseThrow();

    assertThat(table.find(Figure.DEVICE, RunErrors.KIND).orElseThrow().range().high()).isEqualTo(9);
    assertThat(forOdd.range().high()).isLessThanOrEqualTo(2);
    assertThat(forOdd.runs()).isEqualTo(100);
  }

  @Test
  void what_was_counted_makes_no_range_of_nothing_where_real_runs_are_off() {
    List<RunError> runs = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      runs.add(new RunError(Figure.COUNTED, RunErrors.KIND, "llama", 1, false, 1));
    }
    for (int i = 0; i < 4; i++) {
      runs.add(
          new RunError(Figure.ALLOCATED, RunErrors.KIND, "source " + i, 1.1 + i / 100.0, false, 1));
    }

    RangeRow row = new RangeTable(runs, 1).find(Figure.ALLOCATED, RunErrors.KIND).orElseThrow();

    assertThat(row.range().high()).isGreaterThanOrEqualTo(1.13);
    assertThat(row.sources()).isEqualTo(4);
    assertThat(row.runs()).isEqualTo(4);
  }

  @Test
  void counted_bytes_have_ranges_of_their_own() {
    List<RunError> runs = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 60, 5));
    for (int i = 0; i < 40; i++) {
      runs.add(new RunError(Figure.COUNTED, RunErrors.KIND, "type " + i, 1.001, false, 1));
    }

    assertThat(new RangeTable(runs, 1).find(Figure.COUNTED, RunErrors.KIND).orElseThrow().range())
        .isEqualTo(new ErrorRange(1, 1.001));
  }

  /** What has no truth is as likely as all that lies beyond it. */
  @Test
  void a_run_out_of_memory_moves_its_weight_beyond_it() {
    List<RunError> runs = new ArrayList<>(RunErrors.rising(RunErrors.KIND, 40, 4));
    double before = find(runs, 1, RunErrors.KIND).errors().chanceBelow(1.2);
    runs.add(RunErrors.outOfMemory(RunErrors.KIND, "source 0", 1.2));
    double after = find(runs, 1, RunErrors.KIND).errors().chanceBelow(1.2);
    runs.add(RunErrors.outOfMemory(RunErrors.KIND, "source 0", 0.5));

    assertThat(after).isLessThan(before);
    assertThat(find(runs, 1, RunErrors.KIND).errors().chanceBelow(1.2)).isEqualTo(after);
  }

  @Test
  void an_error_that_is_none_is_refused() {
    assertThatThrownBy(() -> RunErrors.of(RunErrors.KIND, "a", 0)).hasMessageContaining("x0.0");
    assertThatThrownBy(() -> RunErrors.of(RunErrors.KIND, "a", Double.NaN))
        .hasMessageContaining("NaN");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void any_range_holds_its_estimate_and_any_chance_rises_with_the_card(long seed) {
    Random random = new Random(seed);
    List<RunError> runs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      JobKind kind = RunErrors.of("framework " + random.nextInt(4));
      double ratio = Math.exp(random.nextGaussian() / 4);
      runs.add(
          new RunError(
              random.nextBoolean() ? Figure.DEVICE : Figure.RESERVED,
              kind,
              "source " + random.nextInt(12),
              ratio,
              random.nextInt(10) == 0,
              1 + random.nextInt(3)));
    }
    RangeTable table = new RangeTable(runs, 1 + random.nextInt(3));
    for (int i = 0; i < 5; i++) {
      RangeRow row = table.find(Figure.RESERVED, RunErrors.of("framework " + i)).orElseThrow();
      assertThat(row.range().about(1000).contains(1000)).isTrue();
      double last = 0;
      for (long card = 100; card < 5000; card += 50) {
        double chance = row.chance(1000, card);
        assertThat(chance).isBetween(last, 1.0);
        last = chance;
      }
      // All weight is somewhere, and some of it beyond all that was seen.
      assertThat(row.errors().chanceBelow(Double.POSITIVE_INFINITY)).isCloseTo(1, within(1e-9));
      assertThat(last).isLessThan(1);
    }
  }

  /** The more a wider group counts, the nearer is the distribution to its own. */
  @Test
  void a_group_is_drawn_towards_the_wider_one() {
    List<RunError> runs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      runs.add(RunErrors.of(RunErrors.of("framework " + i), "source " + i, 1.5));
      runs.add(RunErrors.of(RunErrors.KIND, "good " + i, 1.01));
    }

    double narrow = width(find(runs, 0.1, RunErrors.KIND));
    double middle = width(find(runs, 2, RunErrors.KIND));
    double wide = width(find(runs, 50, RunErrors.KIND));

    assertThat(narrow).isLessThanOrEqualTo(middle);
    assertThat(middle).isLessThanOrEqualTo(wide);
    assertThat(narrow).isLessThan(0.02);
    assertThat(wide).isGreaterThan(0.5);
  }

  private static double width(RangeRow row) {
    return row.range().high() - row.range().low();
  }

  private static RangeRow find(List<RunError> runs, double shrinkage, JobKind kind) {
    return new RangeTable(runs, shrinkage).find(Figure.DEVICE, kind).orElseThrow();
  }
}
