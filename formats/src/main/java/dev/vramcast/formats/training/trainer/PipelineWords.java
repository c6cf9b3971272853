package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.PipelineSchedule;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of torch/distributed/pipelining/schedules.py get_schedule_class, in whatever case. */
public final class PipelineWords {

  private static final List<String> OTHERS =
      List.of("interleavedzerobubble", "zbvzerobubble", "dualpipev");

  private PipelineWords() {}

  /** Takes the schedule of a job that has a pipeline. */
  public static void schedule(JobBuilder job, Optional<Setting> named) {
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
    if (!OTHERS.contains(word)) {
      throw setting.unusable("1F1B, Interleaved1F1B, GPipe, LoopedBFS");
    }
    job.notModelled(
        JobKey.PIPELINE_SCHEDULE,
        setting,
        Gap.of("schedule ", setting.shown())
            .needs("what waits for the gradients of weights that it computes later")
            .modelled("1F1B, Interleaved1F1B, GPipe, LoopedBFS"));
  }
}
