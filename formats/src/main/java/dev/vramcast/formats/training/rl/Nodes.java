package dev.vramcast.formats.training.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** GPUs of machines that are alike. */
public final class Nodes {

  private Nodes() {}

  /**
   * Takes the number of GPUs.
   *
   * @param each key of the GPUs of a machine
   * @param machines key of how many machines there are, one where it is missing
   * @param otherwise GPUs of a machine where nothing is said
   */
  public static void read(JobBuilder job, String each, String machines, int otherwise) {
    read(job, each, machines, otherwise, Optional.empty());
  }

  /**
   * Takes the number of GPUs.
   *
   * @param scheduled GPUs that a scheduler gives each machine, where the key's value is not known
   */
  public static void read(
      JobBuilder job, String each, String machines, int otherwise, Optional<Setting> scheduled) {
    job.reads(
        List.of(JobKey.GPU_COUNT),
        () -> {
          boolean open = job.get(each).filter(Setting::isVariable).isPresent();
          Optional<Setting> gpus =
              open && scheduled.isPresent()
                  ? scheduled
                  : known(job, job.get(each), otherwise + " GPUs a machine");
          Optional<Setting> nodes = known(job, job.get(machines), "one machine");
          int count = nodes.map(Setting::whole).orElse(1);
          int machine = gpus.map(Setting::whole).orElse(otherwise);
          int all = nodes.map(several -> several.times(machine)).orElse(machine);
          if (gpus.or(() -> nodes).isPresent()) {
            job.put(JobKey.GPU_COUNT, all, gpus.or(() -> nodes).orElseThrow());
          } else {
            job.put(JobKey.GPU_COUNT, all);
          }
          if (gpus.isEmpty()) {
            job.say(
                FindingCode.SURPRISING_DEFAULT,
                each,
                each + " is missing: " + otherwise + " GPUs a machine");
          }
          if (count > 1) {
            job.put(JobKey.NODES, nodes.orElseThrow());
          }
        });
  }

  /** A count that comes from outside, such as {@code $WORLD_SIZE}, is as if it were not there. */
  private static Optional<Setting> known(
      JobBuilder job, Optional<Setting> count, String otherwise) {
    count
        .filter(Setting::isVariable)
        .ifPresent(
            open ->
                job.say(
                    FindingCode.ASSUMED,
                    open,
                    open.key()
                        + " is "
                        + open.shown()
                        + ", which is filled in from outside the file: "
                        + otherwise));
    return count.filter(setting -> !setting.isVariable());
  }

  /** How many GPUs were read. */
  public static int count(JobBuilder job) {
    return job.whole(JobKey.GPU_COUNT).orElse(1);
  }
}
