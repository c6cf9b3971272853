package dev.vramcast.answers.rule;

import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.model.ParameterCount;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.rule.ModelSize;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.rule.SizeClass;
import dev.vramcast.core.run.check.JobChecks;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model of which only the size is known.
 *
 * @param document what the user said about the job
 * @param gpus tells which GPU a name means
 */
public record RuleRequest(
    JobDocument document, String parameters, Optional<String> active, GpuFinder gpus) {

  /** The option with all parameters. */
  public static final String PARAMS = "--params";

  /** The keys that change the rule's answer. */
  private static final Set<JobKey> USED =
      EnumSet.of(JobKey.METHOD, JobKey.LORA_RANK, JobKey.GPU, JobKey.PROFILE);

  /** The rule's answer. */
  public RuleReport report() {
    if (document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG)) {
      throw InputError.of("a model is named, so ", Subject.option(PARAMS), " cannot be given too")
          .at(document.place(JobKey.MODEL_ID, JobKey.MODEL_CONFIG))
          .concerning(JobKey.MODEL_ID)
          .refusal();
    }
    checkModelled();
    long count = ParameterCount.parse(parameters).value();
    ModelSize size =
        new ModelSize(count, active.map(text -> ParameterCount.parse(text).value()).orElse(count));
    RuleMethod method =
        RuleMethod.of(document.value(JobKey.METHOD, Method.class).orElse(Method.LORA));
    int rank = document.value(JobKey.LORA_RANK, Integer.class).orElse(SizeClass.RANK);
    Optional<GpuMatch> gpu = document.text(JobKey.GPU).map(gpus::find);
    List<Notice> warnings = new ArrayList<>();
    gpu.flatMap(GpuMatch::assumption).ifPresent(warnings::add);
    ignored(gpu.map(match -> match.counted(document)).orElse(document)).ifPresent(warnings::add);
    return new RuleReport(
        size, method, rank, RuleOfThumb.of(size, method, rank), gpu.map(GpuMatch::gpu), warnings);
  }

  /** The rule knows a supervised step and no other. */
  private void checkModelled() {
    boolean isLong = document.has(JobKey.SEQUENCE_LENGTH) || document.has(JobKey.PROMPT_LENGTH);
    JobDocument timed =
        isLong
            ? document
            : document.with(
                JobKey.SEQUENCE_LENGTH,
                SequenceLength.USUAL,
                new Place.Chosen("the usual cut-off"));
    ResolvedJob job = JobResolver.resolve(timed).job();
    JobChecks.checkWithoutModel(job);
    if (!job.objective().stage().isSupervised()) {
      throw Gap.value(JobKey.STAGE, job.objective().stage())
          .at(document.place(JobKey.STAGE))
          .and(" of a model of which only the size is known")
          .refusal();
    }
  }

  private static Optional<Notice> ignored(JobDocument counted) {
    List<JobKey> keys =
        counted.entries().keySet().stream().filter(key -> !USED.contains(key)).toList();
    Notice notice = Notice.of("the rule of thumb takes no account of");
    for (JobKey key : keys) {
      notice = notice.and(key == keys.get(0) ? " " : ", ", key);
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(notice);
  }
}
