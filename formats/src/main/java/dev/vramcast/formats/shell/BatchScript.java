package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Slurm gives a script by its {@code #SBATCH} lines: variables that hold how many nodes, tasks
 * and GPUs there are (sbatch(1), output environment variables).
 */
final class BatchScript {

  private static final Pattern OPTION =
      Pattern.compile("#SBATCH\\s+(--?[\\w-]+)(?:=|\\s+|(?<=-[NnG]))(\\S+).*");

  private static final Map<String, List<String>> VARIABLES =
      Map.of(
          "--nodes", List.of("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
          "-N", List.of("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
          "--ntasks", List.of("SLURM_NTASKS", "SLURM_NPROCS"),
          "-n", List.of("SLURM_NTASKS", "SLURM_NPROCS"),
          "--ntasks-per-node", List.of("SLURM_NTASKS_PER_NODE"),
          "--gpus-per-node", List.of("SLURM_GPUS_PER_NODE", "SLURM_GPUS_ON_NODE"),
          "--gres", List.of("SLURM_GPUS_PER_NODE", "SLURM_GPUS_ON_NODE"),
          "--gpus", List.of("SLURM_GPUS"),
          "-G", List.of("SLURM_GPUS"));

  /** {@code gpu:8} and {@code gpu:a100:8} say what they count. */
  private static final Pattern COUNT = Pattern.compile("(?:gpu:)?(?:[\\w.-]+:)?(\\d{1,6})");

  private BatchScript() {}

  static Map<String, Word> variables(String text) {
    Map<String, Word> variables = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher option = OPTION.matcher(lines.get(i));
      if (option.matches() && VARIABLES.containsKey(option.group(1))) {
        Matcher count = COUNT.matcher(option.group(2));
        boolean other = option.group(1).equals("--gres") && !option.group(2).startsWith("gpu");
        if (count.matches() && !other) {
          Word value = new Word(count.group(1), i + 1);
          VARIABLES.get(option.group(1)).forEach(name -> variables.put(name, value));
        }
      }
    }
    return variables;
  }
}
