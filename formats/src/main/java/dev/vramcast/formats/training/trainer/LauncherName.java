package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a launcher's configuration says: TRL's {@code single_gpu}, {@code multi_gpu},
 * {@code fsdp1}, {@code fsdp2}, {@code zero1} to {@code zero3} (trl/accelerate_configs), and files
 * with such names.
 */
final class LauncherName {

  private static final Pattern ZERO =
      Pattern.compile("(?:zero|stage|z)[_-]?(?:stage)?[_-]?([1-3])");

  private LauncherName() {}

  static void read(JobBuilder job, Setting setting) {
    String path = setting.word();
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Matcher zero = ZERO.matcher(name);
    if (zero.find()) {
      job.put(JobKey.STRATEGY, "zero" + zero.group(1), setting);
    } else if (name.contains("fsdp")) {
      job.put(JobKey.STRATEGY, name.contains("fsdp2") ? "fsdp2" : "fsdp1", setting);
    } else if (!name.matches(".*(single_gpu|multi_gpu|ddp).*")) {
      throw setting.missingFile();
    }
    job.say(
        FindingCode.NOT_COUNTED,
        setting,
        setting.key() + " is " + setting.shown() + ", of which only the name is read");
  }
}
