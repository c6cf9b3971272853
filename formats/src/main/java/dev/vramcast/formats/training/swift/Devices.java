package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Cards of a process: where it sees more than one, its model is divided among them by {@code
 * device_map} (swift/utils/env.py is_mp).
 */
final class Devices {

  private static final Pattern LISTED = Pattern.compile("\\d{1,3}(?:,\\d{1,3})*");

  private static final String PROCESSES = "NPROC_PER_NODE";

  private Devices() {}

  static void check(JobBuilder job, TrainingFile file) {
    Map<String, Node> variables = file.command().map(Command::environment).orElse(Map.of());
    Optional<Setting> seen = setting(file, variables, "CUDA_VISIBLE_DEVICES");
    boolean single =
        setting(file, variables, "SWIFT_SINGLE_DEVICE_MODE")
            .filter(mode -> mode.shown().equals("1"))
            .isPresent();
    if (seen.isEmpty() || single || !LISTED.matcher(seen.get().shown()).matches()) {
      return;
    }
    int cards = seen.get().shown().split(",").length;
    Optional<Setting> stated = setting(file, variables, PROCESSES);
    boolean torchrun = stated.isPresent() || !launches(file, variables);
    int processes = stated.filter(Devices::isCount).map(Setting::whole).orElse(torchrun ? 0 : 1);
    if (processes > 0 && cards > processes) {
      job.notModelled(
          JobKey.STRATEGY,
          seen.get(),
          Gap.of(seen.get().key(), " of ", cards, " cards for ", PROCESSES, " ", processes)
              .needs("how device_map divides layers among the cards of a process")
              .modelled(PROCESSES, " ", cards));
    }
  }

  /** {@code swift sft} alone starts one process (swift/cli/main.py use_torchrun). */
  private static boolean launches(TrainingFile file, Map<String, Node> variables) {
    boolean swift = file.command().filter(each -> each.words().contains("swift")).isPresent();
    return swift && !variables.containsKey("NNODES");
  }

  private static boolean isCount(Setting setting) {
    return setting.shown().matches("\\d{1,4}");
  }

  private static Optional<Setting> setting(
      TrainingFile file, Map<String, Node> variables, String name) {
    return Optional.ofNullable(variables.get(name))
        .map(node -> new Setting(file.name(), name, node))
        .filter(setting -> !setting.isNothing());
  }
}
