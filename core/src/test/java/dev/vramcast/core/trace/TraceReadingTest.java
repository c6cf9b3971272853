package dev.vramcast.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.TraceReading.Alive;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TraceReadingTest {

  private static final Episode STEP =
      new Episode.Step(
          List.of(new Pass(ResidentModel.POLICY, true, new PassBatch(1, 512), LossKernel.FULL)));

  private final AllocationTrace.Writer writer = new AllocationTrace.Writer();

  @Test
  void the_peak_is_the_highest_running_sum_and_falls_in_the_phase_that_reached_it() {
    Block weights = block("weights", Category.WEIGHTS, 1024);
    Block logits = block("logits", Category.LOGITS_AND_LOSS, 2048);
    Block gradient = block("gradient", Category.GRADIENTS, 1536);
    writer.phase(Phase.LOAD);
    writer.allocate(weights);
    writer.phase(Phase.FORWARD_HEAD);
    writer.allocate(logits);
    writer.free(logits);
    writer.phase(Phase.BACKWARD_HEAD);
    writer.allocate(gradient);

    TraceReading reading = TraceReading.of(writer.finish());

    assertThat(reading.peakBytes()).isEqualTo(3072);
    assertThat(reading.peakPhase()).isEqualTo(Phase.FORWARD_HEAD);
    assertThat(reading.phasePeaks())
        .containsExactly(
            entry(Phase.LOAD, 1024L),
            entry(Phase.FORWARD_HEAD, 3072L),
            entry(Phase.BACKWARD_HEAD, 2560L));
    assertThat(reading.phaseEnds())
        .containsExactly(
            entry(Phase.LOAD, 1024L),
            entry(Phase.FORWARD_HEAD, 1024L),
            entry(Phase.BACKWARD_HEAD, 2560L));
    assertThat(reading.alive())
        .containsExactly(
            new Alive("logits", Category.LOGITS_AND_LOSS, 1, 2048),
            new Alive("weights", Category.WEIGHTS, 1, 1024));
    assertThat(reading.breakdown())
        .containsExactly(entry(Category.WEIGHTS, 1024L), entry(Category.LOGITS_AND_LOSS, 2048L));
  }

  @Test
  void each_episode_has_a_peak_of_its_own_on_what_it_finds() {
    Episode load = new Episode.Load(List.of(ResidentModel.POLICY));
    Block weights = block("weights", Category.WEIGHTS, 1024);
    Block copy = block("copy", Category.TEMPORARIES, 4096);
    Block logits = block("logits", Category.LOGITS_AND_LOSS, 2048);
    writer.episode(load);
    writer.phase(Phase.LOAD);
    writer.allocate(weights);
    writer.repeat(
        3,
        () -> {
          writer.allocate(copy);
          writer.free(copy);
        });
    writer.episode(STEP);
    writer.allocate(block("states", Category.OPTIMIZER, 512));
    writer.phase(Phase.FORWARD_HEAD);
    writer.allocate(logits);
    writer.free(logits);

    TraceReading reading = TraceReading.of(writer.finish());

    assertThat(reading.episodes())
        .containsExactly(
            new EpisodePeak(load, 5120, Phase.LOAD),
            new EpisodePeak(STEP, 3584, Phase.FORWARD_HEAD));
    assertThat(reading.peakBytes()).isEqualTo(5120);
  }

  @Test
  void an_episode_that_allocates_nothing_peaks_at_what_it_finds() {
    writer.allocate(block("weights", Category.WEIGHTS, 1024));
    writer.episode(STEP);
    writer.phase(Phase.STEP);

    assertThat(TraceReading.of(writer.finish()).episodes())
        .extracting(EpisodePeak::bytes)
        .containsExactly(1024L);
  }

  @Test
  void a_section_that_grows_peaks_in_its_last_iteration() {
    Block kept = block("hidden states", Category.ACTIVATIONS, 512);
    Block scratch = block("scores", Category.TEMPORARIES, 1024);
    writer.repeat(
        10,
        () -> {
          writer.allocate(scratch);
          writer.allocate(kept);
          writer.free(scratch);
        });

    TraceReading reading = TraceReading.of(writer.finish());

    assertThat(reading.peakBytes()).isEqualTo(9 * 512 + 1024 + 512);
    assertThat(reading.alive())
        .containsExactly(
            new Alive("hidden states", Category.ACTIVATIONS, 10, 5120),
            new Alive("scores", Category.TEMPORARIES, 1, 1024));
  }

  @Test
  void a_section_that_shrinks_peaks_in_its_first_iteration() {
    Block kept = block("hidden states", Category.ACTIVATIONS, 1024);
    Block gradient = block("gradient", Category.GRADIENTS, 512);
    writer.repeat(10, () -> writer.allocate(kept));
    writer.phase(Phase.BACKWARD_LAYERS);
    writer.repeat(
        10,
        () -> {
          writer.allocate(gradient);
          writer.free(kept);
        });

    TraceReading reading = TraceReading.of(writer.finish());

    assertThat(reading.peakBytes()).isEqualTo(10 * 1024 + 512);
    assertThat(reading.peakPhase()).isEqualTo(Phase.BACKWARD_LAYERS);
    assertThat(reading.phaseEnds()).containsEntry(Phase.BACKWARD_LAYERS, 5120L);
  }

  @Test
  void equally_large_blocks_are_listed_by_category_and_name() {
    for (String name : List.of("values", "keys", "queries")) {
      writer.allocate(block(name, Category.OTHER, 512));
      writer.allocate(block(name, Category.ACTIVATIONS, 512));
    }

    assertThat(TraceReading.of(writer.finish()).alive())
        .extracting(Alive::category, Alive::name)
        .map(Object::toString)
        .containsExactly(
            "(ACTIVATIONS, \"keys\")",
            "(ACTIVATIONS, \"queries\")",
            "(ACTIVATIONS, \"values\")",
            "(OTHER, \"keys\")",
            "(OTHER, \"queries\")",
            "(OTHER, \"values\")");
  }

  @Test
  void an_empty_trace_needs_nothing() {
    TraceReading reading = TraceReading.of(writer.finish());

    assertThat(reading.peakBytes()).isZero();
    assertThat(reading.alive()).isEmpty();
  }

  @Test
  void a_repeated_section_reads_as_if_it_were_written_out() {
    qt().withExamples(5_000)
        .forAll(longs().all())
        .checkAssert(
            seed -> {
              RandomTrace random = new RandomTrace(seed);

              assertThat(TraceReading.of(random.trace())).isEqualTo(naive(random.writtenOut()));
            });
  }

  @Test
  void what_is_alive_sums_to_the_peak() {
    qt().withExamples(5_000)
        .forAll(longs().all())
        .checkAssert(
            seed -> {
              TraceReading reading = TraceReading.of(new RandomTrace(seed).trace());

              assertThat(sum(reading.breakdown())).isEqualTo(reading.peakBytes());
              assertThat(reading.alive())
                  .allMatch(alive -> alive.count() > 0 && alive.bytes() > 0)
                  .extracting(Alive::bytes)
                  .isSortedAccordingTo(Comparator.reverseOrder());
              assertThat(reading.phasePeaks().values()).contains(reading.peakBytes());
              assertThat(reading.phasePeaks().get(reading.peakPhase()))
                  .isEqualTo(reading.peakBytes());
            });
  }

  private static long sum(Map<Category, Long> breakdown) {
    return breakdown.values().stream().mapToLong(Long::longValue).sum();
  }

  /** One event after the other, every iteration of every section. */
  private static TraceReading naive(List<RandomTrace.Event> events) {
    Map<Phase, Long> peaks = new EnumMap<>(Phase.class);
    Map<Phase, Long> ends = new EnumMap<>(Phase.class);
    Map<String, Alive> living = new TreeMap<>();
    List<Alive> atPeak = List.of();
    Phase phase = Phase.LOAD;
    Phase peakPhase = Phase.LOAD;
    long sum = 0;
    long peak = 0;
    for (RandomTrace.Event event : events) {
      if (event.allocations() == 0) {
        phase = event.phase();
      } else {
        sum += event.allocations() * event.block().bytes();
        living.merge(
            event.block().category() + event.block().name(), alive(event), TraceReadingTest::both);
      }
      peaks.merge(phase, sum, Math::max);
      ends.put(phase, sum);
      if (sum > peak) {
        peak = sum;
        peakPhase = phase;
        atPeak = new ArrayList<>(living.values());
      }
    }
    return new TraceReading(peak, peakPhase, peaks, ends, List.of(), sorted(atPeak));
  }

  private static Alive alive(RandomTrace.Event event) {
    Block block = event.block();
    return new Alive(
        block.name(), block.category(), event.allocations(), event.allocations() * block.bytes());
  }

  private static Alive both(Alive a, Alive b) {
    return new Alive(a.name(), a.category(), a.count() + b.count(), a.bytes() + b.bytes());
  }

  private static List<Alive> sorted(List<Alive> alive) {
    return alive.stream()
        .filter(entry -> entry.bytes() > 0)
        .sorted(
            Comparator.comparing((Alive entry) -> -entry.bytes())
                .thenComparing(Alive::category)
                .thenComparing(Alive::name))
        .toList();
  }

  private static Block block(String name, Category category, long bytes) {
    return new Block(name, category, DataType.UINT8, bytes);
  }
}
