package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of torch/distributed/pipelining/schedules.py get_schedule_class, in whatever case. */
public final class PipelineWords {

  private static final String MODELLED = "1F1B, Interleaved1F1B, GPipe, LoopedBFS";

  /** Those that compute the gradients of weights in a step of their own. */
  private static final List<String> SPLIT =
      List.of("interleavedzerobubble", "zbvzerobubble", "dualpipev");

  /** Those whose order of steps is what a file says. */
  private static final List<String> FROM_FILE =
      List.of("pipelineschedulesingle", "pipelineschedulemulti");

  private PipelineWords() {}

  /**
   * Takes the schedule of a job that has a pipeline.
   *
   * @param steps the file that decides their order, whatever the schedule is called
   */
  public static void schedule(JobBuilder job, Optional<Setting> named, Optional<Setting> steps) {
    if (steps.isEmpty()) {
      schedule(job, named);
      return;
    }
    Setting file = steps.get();
    Gap order = Gap.of("the order of steps in ", file.shown());
    notModelled(job, file, order.needs("which micro-batches a rank holds at once"));
  }

  private static void schedule(JobBuilder job, Optional<Setting> named) {
    named.ifPresent(
        setting -> {
          String word = setting.text().toLowerCase(Locale.ROOT);
          switch (word) {
            case "1f1b" ->
                job.put(
                    JobKey.PIPELINE_SCHEDULE, PipelineSchedule.ONE_FORWARD_ONE_BACKWARD, setting);
            case "interleaved1f1b" ->
                job.put(JobKey.PIPELINE_SCHEDULE, PipelineSchedule.INTERLEAVED, setting);
            case "gpipe" -> job.put(JobKey.PIPELINE_SCHEDULE, PipelineSchedule.GPIPE, setting);
            case "loopedbfs" ->
                job.put(JobKey.PIPELINE_SCHEDULE, PipelineSchedule.LOOPED_BFS, setting);
            default -> other(job, setting, word);
          }
        });
  }

  private static void other(JobBuilder job, Setting setting, String word) {
    Gap schedule = Gap.of("schedule ", setting.shown());
    if (SPLIT.contains(word)) {
      notModelled(
          job,
          setting,
          schedule.needs("what waits for the gradients of weights that it computes later"));
    } else if (FROM_FILE.contains(word)) {
      notModelled(job, setting, schedule.needs("the order of its steps, which a file says"));
    } else {
      throw setting.unusable(MODELLED);
    }
  }

  private static void notModelled(JobBuilder job, Setting setting, Gap gap) {
    job.notModelled(JobKey.PIPELINE_SCHEDULE, setting, gap.modelled(MODELLED));
  }
}
