package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.TimeLines;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How fast a job runs, for programs. */
record TimeRecord(
    @Describes("Of all GPUs, padding included.") double tokensPerSecond,
    @Describes("Of one GPU, padding included.") double tokensPerSecondPerGpu,
    @Describes("Within which the speed of all GPUs is expected.") Range range,
    @Describes("One optimizer step.") Duration stepSeconds,
    @Describes("Tokens of a step on all GPUs, padding included.") double tokensPerStep,
    @Describes("Share of the peak arithmetic of the GPU that is used.") double mfu,
    @Describes("Where the time of a step goes.") Map<String, Duration> partsSeconds,
    @Describes("The whole run; null where the job does not say on how much it trains.")
        Optional<Run> run) {

  /** The range of the speed. */
  record Range(
      @Describes(Meaning.RANGE_SHARE) double share,
      @Describes(Meaning.LOW) double lowTokensPerSecond,
      @Describes(Meaning.HIGH) double highTokensPerSecond,
      @Describes("What its runs have in common with the job.") String kind,
      @Describes(Meaning.RANGE_RUNS) int runs) {

    private static Range of(SpeedRange range) {
      return new Range(SpeedRange.SHARE, range.low(), range.high(), range.kind(), range.runs());
    }
  }

  /** The whole run. */
  record Run(
      @Describes("Tokens that GPUs work on, padding included.") double tokens,
      @Describes("Optimizer steps.") long steps,
      @Describes("Before the first step: image, weights, tokenisation.") Duration startupSeconds,
      @Describes("All steps.") Duration trainingSeconds,
      @Describes("Forward passes over what is held out.") Duration evaluationSeconds,
      @Describes("Writing checkpoints.") Duration checkpointSeconds,
      @Describes("From the start of the machine to the last checkpoint.") Duration totalSeconds,
      @Describes("The total at the high end of the speed's range.") Duration lowSeconds,
      @Describes("The total at the low end of the speed's range.") Duration highSeconds) {

    private static Run of(RunEstimate run) {
      return new Run(
          run.tokens(),
          run.steps(),
          run.startup(),
          run.training(),
          run.evaluation(),
          run.checkpoints(),
          run.total(),
          run.low(),
          run.high());
    }
  }

  static TimeRecord of(TimeEstimate time, Optional<RunEstimate> run) {
    Map<String, Duration> parts = new LinkedHashMap<>();
    TimeLines.parts(time.parts()).forEach((name, part) -> parts.put(name.replace(' ', '_'), part));
    return new TimeRecord(
        time.tokensPerSecond(),
        time.throughput().tokensPerSecondPerGpu(),
        Range.of(time.throughput().range()),
        time.step(),
        time.tokensPerStep(),
        time.throughput().modelFlopsUtilization(),
        parts,
        run.map(Run::of));
  }
}
