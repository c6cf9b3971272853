package dev.vramcast.validation;

import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The places of a run at which exact cases state the bytes alive. */
public enum MeasuredPhase {
  /** Model and adapters, before there are optimizer states. */
  AFTER_LOAD("after_load", step -> step.loaded().bytes(Category.WEIGHTS, Category.ADAPTERS)),
  PEAK_FORWARD("peak_forward", step -> step.peak(Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD)),
  END_OF_FORWARD("end_of_forward", step -> step.end(Phase.FORWARD_HEAD)),
  PEAK_LOSS_BACKWARD("peak_loss_backward", step -> step.peak(Phase.BACKWARD_HEAD)),
  PEAK_LAYERS_BACKWARD("peak_layers_backward", step -> step.peak(Phase.BACKWARD_LAYERS)),
  AFTER_BACKWARD("after_backward", step -> step.end(Phase.BACKWARD_LAYERS)),
  PEAK_STEP("peak_step", step -> step.peak(Phase.CLIP, Phase.STEP)),
  /** Not of the step: the peak of an evaluation. */
  EVALUATION("evaluation", Step::evaluation),
  /** What an evaluation generates, a part of it. */
  EVALUATION_GENERATION("evaluation_generation", step -> step.peak(Phase.GENERATION)),
  /** While a checkpoint is written behind the last step. */
  SAVE("save", step -> step.beside("save")),
  /** While weights in shards and the optimizer's states are read from a checkpoint. */
  RESUME("resume", step -> step.beside("resume")),
  /** While adapters are merged on the card. */
  MERGE("merge", step -> step.beside("merge"));

  /**
   * What a trace says about the phases of its step.
   *
   * @param beside bytes of what is no pass, by its name; empty where nothing of it was measured
   */
  record Step(TraceReading reading, LoadedBlocks loaded, Map<String, Long> beside) {

    long beside(String name) {
      return beside.getOrDefault(name, 0L);
    }

    long peak(Phase... phases) {
      long highest = 0;
      for (Phase phase : phases) {
        highest = Math.max(highest, reading.phasePeaks().getOrDefault(phase, 0L));
      }
      return highest;
    }

    long evaluation() {
      return reading.episodes().stream()
          .filter(peak -> peak.episode() instanceof Episode.Evaluation)
          .mapToLong(EpisodePeak::bytes)
          .max()
          .orElse(0);
    }

    long end(Phase phase) {
      return reading.phaseEnds().getOrDefault(phase, 0L);
    }
  }

  private final String key;
  private final ToLongFunction<Step> bytes;

  MeasuredPhase(String key, ToLongFunction<Step> bytes) {
    this.key = key;
    this.bytes = bytes;
  }

  /** The name in a case file. */
  public String key() {
    return key;
  }

  static Map<MeasuredPhase, Long> of(Step step) {
    Map<MeasuredPhase, Long> result = new EnumMap<>(MeasuredPhase.class);
    for (MeasuredPhase phase : values()) {
      result.put(phase, phase.bytes.applyAsLong(step));
    }
    return result;
  }
}
