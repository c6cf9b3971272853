package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Slurm gives a script by its {@code #SBATCH} lines, and a command by the options of {@code
 * srun}: variables that hold how many nodes, tasks and GPUs there are (sbatch(1) and srun(1),
 * output environment variables).
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
          "-G", List.of("SLURM_GPUS"),
          "--gpus-per-task", List.of("SLURM_GPUS_PER_TASK"));

  /** {@code gpu:8} and {@code gpu:a100:8} say what they count. */
  private static final Pattern COUNT = Pattern.compile("(?:gpu:)?(?:[\\w.-]+:)?(\\d{1,6})");

  /** What else is asked for beside GPUs, {@code gpu:8,nvme:100}. */
  private static final Pattern BESIDE = Pattern.compile("(?<=^gpu:[\\w.:-]{1,40}),(?!.*gpu).*");

  private static final Pattern SRUN = Pattern.compile("(?:.*/)?srun");

  /** What srun starts, behind which its options end. */
  private static final Pattern STARTED =
      Pattern.compile(
          "(?:.*/)?(?:python3?|torchrun|accelerate|deepspeed|bash|sh|env|uv|ray|apptainer"
              + "|singularity)");

  private BatchScript() {}

  /**
   * What a command is given that srun starts; nothing for another one, and for one that shares what
   * others were given, as the first of Ray's does.
   */
  static Map<String, Word> asked(List<Word> words) {
    Map<String, Word> variables = new LinkedHashMap<>();
    if (words.stream().anyMatch(word -> word.text().equals("--overlap"))) {
      return variables;
    }
    boolean asks = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      if (asks && STARTED.matcher(word).matches()) {
        return variables;
      }
      if (asks && word.startsWith("-")) {
        String next = i + 1 < words.size() ? words.get(i + 1).text() : "";
        option("#SBATCH " + word + (word.contains("=") ? "" : ' ' + next), words.get(i).mark())
            .forEach(variables::put);
      }
      asks |= SRUN.matcher(word).matches();
    }
    return variables;
  }

  static Map<String, Word> variables(String text) {
    Map<String, Word> variables = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      variables.putAll(option(lines.get(i), new Mark(i + 1, 1)));
    }
    return variables;
  }

  private static Map<String, Word> option(String said, Mark mark) {
    Map<String, Word> variables = new LinkedHashMap<>();
    Matcher option = OPTION.matcher(said);
    if (option.matches() && VARIABLES.containsKey(option.group(1))) {
      Matcher count = COUNT.matcher(BESIDE.matcher(option.group(2)).replaceFirst(""));
      boolean other = option.group(1).equals("--gres") && !option.group(2).startsWith("gpu");
      if (count.matches() && !other) {
        Word value = new Word(count.group(1), mark);
        VARIABLES.get(option.group(1)).forEach(name -> variables.put(name, value));
      }
    }
    return variables;
  }
}
