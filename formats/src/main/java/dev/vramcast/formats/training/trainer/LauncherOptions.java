package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many processes a command line starts, and what its script does behind it. */
public final class LauncherOptions {

  private static final List<String> ALLOCATOR =
      List.of("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF");

  private static final List<String> PER_MACHINE =
      List.of("nproc_per_node", "nproc-per-node", "num_gpus");

  /** GPUs that are taken to be in one machine where nobody says in how many they are. */
  private static final int USUAL_MACHINE = 8;

  private static final List<String> MACHINES = List.of("nnodes", "num_machines", "num_nodes");

  /** What Kubeflow's, SkyPilot's, dstack's and Slurm's jobs are told. */
  private static final List<String> VARIABLE_MACHINES =
      List.of("NNODES", "PET_NNODES", "SLURM_NNODES", "SKYPILOT_NUM_NODES", "DSTACK_NODES_NUM");

  /** GPUs that a job is given, of which nothing says that it leaves some. */
  private static final List<String> GIVEN =
      List.of("SLURM_GPUS_PER_NODE", "SLURM_NTASKS_PER_NODE", "nvidia.com/gpu");

  /** What shows a program some of the cards: CUDA's, ROCm's two and CANN's variables. */
  private static final List<String> VISIBLE =
      List.of(
          "CUDA_VISIBLE_DEVICES",
          "HIP_VISIBLE_DEVICES",
          "ROCR_VISIBLE_DEVICES",
          "ASCEND_RT_VISIBLE_DEVICES");

  private static final Pattern NONE = Pattern.compile("|null|-1|NoDevFiles");

  private static final Pattern LAUNCHER =
      Pattern.compile(
          "(?:.*/)?(?:torchrun|accelerate|deepspeed|swift|axolotl|llamafactory-cli|ray|trl)"
              + "|llamafactory\\.cli"
              + "|torch\\.distributed.*|accelerate\\..*|deepspeed\\..*|swift\\.cli.*|verl\\..*");

  private static final Pattern TORCHRUN =
      Pattern.compile("(?:.*/)?torchrun|torch\\.distributed\\.(?:run|launch)");

  private static final int MOST_LAUNCHER_WORDS = 8;

  private static final Pattern LISTED =
      Pattern.compile(
          "(?:[\\w.-]+:)?\\d+(?:, ?\\d+)*(?:@[\\w.-]+:\\d+(?:,\\d+)*)*"
              + "|GPU-[\\da-fA-F-]{1,40}(?:, ?GPU-[\\da-fA-F-]{1,40})*");

  private static final Pattern ELASTIC = Pattern.compile("\\d+:(\\d{1,6})");

  private final JobBuilder job;
  private final TrainingFile file;
  private final boolean spawns;

  public LauncherOptions(JobBuilder job, TrainingFile file) {
    this(job, file, false);
  }

  /**
   * Reads a command line.
   *
   * @param spawns whether the program itself starts a process for each card
   */
  public LauncherOptions(JobBuilder job, TrainingFile file, boolean spawns) {
    this.job = job;
    this.file = file;
    this.spawns = spawns;
  }

  /**
   * Takes the number of GPUs and of machines from the launcher's options and the environment, and
   * whether the script puts shards together.
   */
  public void read() {
    job.get("num_processes")
        .filter(this::isKnown)
        .ifPresent(setting -> job.put(JobKey.GPU_COUNT, setting));
    if (file.command().isEmpty()) {
      return;
    }
    Map<String, Node> options = file.command().get().launcher();
    Map<String, Node> variables = file.command().get().environment();
    get(variables, ALLOCATOR).ifPresent(setting -> allocator(job, setting));
    job.reads(List.of(JobKey.GPU_COUNT), () -> counted(options, variables));
    joined(job, file);
  }

  /** GPUs of a machine that a scheduler gives the job, as {@code #SBATCH --gres=gpu:4} does. */
  public static Optional<Setting> given(TrainingFile file) {
    return file.command().stream()
        .flatMap(
            command ->
                GIVEN.stream()
                    .flatMap(
                        name ->
                            Optional.ofNullable(command.environment().get(name)).stream()
                                .map(node -> new Setting(file.name(), name, node))))
        .filter(setting -> setting.shown().matches("\\d{1,6}"))
        .findFirst();
  }

  /** Whether a script puts ranks' shards together behind its training. */
  public static void joined(JobBuilder job, TrainingFile file) {
    file.command()
        .map(command -> command.environment().get(ShellCommand.JOINS))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word))
        .ifPresent(setting -> job.put(JobKey.CONSOLIDATE, true, setting));
  }

  /** What a program sets of the allocator in its own environment. */
  public static void allocator(JobBuilder job, TrainingFile program) {
    ALLOCATOR.stream()
        .flatMap(name -> JobBuilder.in(program, TrainingFile.ENVIRONMENT + "." + name).stream())
        .findFirst()
        .ifPresent(setting -> allocator(job, setting));
  }

  /**
   * Says what is not counted where a program shows itself several cards, and refuses one that shows
   * itself none.
   */
  public static void visible(JobBuilder job, TrainingFile program) {
    List<Setting> shown =
        VISIBLE.stream()
            .map(name -> TrainingFile.ENVIRONMENT + "." + name)
            .flatMap(
                path ->
                    program
                        .node(path)
                        .map(node -> new Setting(program.name(), path, node))
                        .stream())
            .toList();
    List<Setting> sure = shown.stream().filter(each -> isOutermost(program, each)).toList();
    job.reads(List.of(JobKey.GPU_COUNT), () -> none(sure, "program"));
    shown.stream()
        .filter(setting -> isListed(setting) && count(setting) > 1)
        .filter(setting -> program.command().isEmpty() && !job.has(JobKey.GPU_COUNT))
        .forEach(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    setting.key()
                        + " lists "
                        + count(setting)
                        + " cards: how one process spreads a model over them, or copies it to"
                        + " each, is not counted"));
  }

  /** Whether a variable is set under no condition. */
  private static boolean isOutermost(TrainingFile program, Setting variable) {
    String name = variable.key().substring(TrainingFile.ENVIRONMENT.length() + 1);
    return program.lines().stream()
        .map(line -> String.valueOf(line.value()))
        .anyMatch(line -> line.startsWith("os.environ") && line.contains(name));
  }

  private static boolean isListed(Setting cards) {
    return LISTED.matcher(text(cards)).matches();
  }

  private static String text(Setting setting) {
    return String.valueOf(setting.node().value());
  }

  private static void allocator(JobBuilder job, Setting setting) {
    if (setting.shown().contains("expandable_segments:True")) {
      job.put(JobKey.EXPANDABLE_SEGMENTS, true, setting);
    }
  }

  /** An empty list hides all cards, and so does -1 (CUDA C++ Programming Guide, variables). */
  private static void none(List<Setting> shown, String what) {
    shown.stream()
        .filter(setting -> NONE.matcher(setting.shown()).matches())
        .findFirst()
        .ifPresent(
            setting -> {
              throw InputError.of(setting.key(), " is ", Shown.given(setting.shown()))
                  .and(", so that the " + what + " sees no GPU and trains without one")
                  .kind(ErrorKind.CONTRADICTION)
                  .given(setting.shown())
                  .at(setting.place())
                  .refusal();
            });
  }

  private void counted(Map<String, Node> options, Map<String, Node> variables) {
    none(VISIBLE.stream().flatMap(name -> setting(variables, name).stream()).toList(), "command");
    Optional<Setting> machines =
        get(options, MACHINES)
            .or(() -> get(variables, VARIABLE_MACHINES).filter(this::isHeard))
            .filter(this::isKnown);
    get(options, List.of("num_processes"))
        .filter(this::isKnown)
        .ifPresent(setting -> all(setting, machines));
    if (!job.has(JobKey.GPU_COUNT)) {
      get(options, PER_MACHINE)
          .or(() -> get(variables, List.of("NPROC_PER_NODE", "PET_NPROC_PER_NODE")))
          .or(() -> get(variables, GIVEN))
          .filter(LauncherOptions::isCount)
          .filter(this::isKnown)
          .ifPresent(setting -> each(setting, setting.whole(), machines));
    }
    if (!job.has(JobKey.GPU_COUNT)) {
      Optional<Setting> listed = listed(options, variables);
      listed.ifPresent(setting -> each(setting, count(setting), machines));
      listed.filter(setting -> count(setting) > 1 && isOneProcess()).ifPresent(this::sayOneProcess);
    }
    boolean torchrun =
        options.containsKey("nnodes")
            || machines.filter(setting -> setting.key().equals("NNODES")).isPresent();
    if (!job.has(JobKey.GPU_COUNT) && torchrun) {
      // torch/distributed/run.py starts one process a machine where it is told no other number.
      machines
          .filter(setting -> nodes(setting) > 1)
          .ifPresent(
              setting -> {
                each(setting, 1, machines);
                sayOneEach(setting);
              });
    }
  }

  /**
   * torchrun has its options in variables that begin with PET (torch/distributed/argparse_util.py),
   * and no other: {@code NNODES} is that of commands which start it themselves.
   */
  private boolean isHeard(Setting machines) {
    boolean plain =
        machines.key().equals("NNODES")
            && file.command().stream()
                .flatMap(command -> command.words().stream().limit(MOST_LAUNCHER_WORDS))
                .anyMatch(word -> TORCHRUN.matcher(word).matches())
            && file.command().stream()
                .flatMap(command -> command.beside().stream())
                .noneMatch(Command.Unread::options);
    if (plain) {
      job.say(
          FindingCode.IGNORED_KEY,
          machines,
          "NNODES does nothing for torchrun, which is told by --nnodes or PET_NNODES");
    }
    return !plain;
  }

  /** llamafactory/launcher.py: {@code NPROC_PER_NODE} is {@code get_device_count()} by default. */
  private void sayOneEach(Setting machines) {
    if (file.command().filter(LauncherOptions::isLlamaFactory).isPresent()) {
      job.assume(
          machines,
          machines.key()
              + " is "
              + nodes(machines)
              + ", and a process for each GPU of a machine is started, of which nothing says how"
              + " many there are: one is assumed; ",
          JobKey.GPU_COUNT,
          " says how many there are in all");
    }
  }

  private static boolean isLlamaFactory(Command command) {
    return command.words().stream()
        .anyMatch(word -> word.matches("(?:.*/)?(?:llamafactory.*|lmf)"));
  }

  /** GPUs that are listed, which all are used: accelerate, DeepSpeed's launcher, and CUDA. */
  private Optional<Setting> listed(Map<String, Node> options, Map<String, Node> variables) {
    return get(options, List.of("gpu_ids"))
        .or(() -> get(options, List.of("include")))
        .or(() -> get(variables, VISIBLE))
        .filter(LauncherOptions::isListed);
  }

  /** Whether Python runs the program itself, and no launcher does. */
  private boolean isOneProcess() {
    List<String> words = file.command().map(Command::words).orElse(List.of());
    return !spawns
        && words.stream().anyMatch(word -> word.matches("(?:.*/)?python3?"))
        && words.stream().noneMatch(word -> LAUNCHER.matcher(word).matches());
  }

  private void sayOneProcess(Setting cards) {
    job.say(
        FindingCode.NOT_COUNTED,
        cards,
        cards.key()
            + " lists "
            + count(cards)
            + " cards for one process, in which the Trainer copies the model to each card"
            + " (DataParallel) or device_map spreads it: a process for each card is counted");
  }

  /** {@code 0,1,2}, or {@code host:0,1@other:0,1} (deepspeed/launcher/runner.py). */
  private static int count(Setting listed) {
    return text(listed).split("[,@]").length;
  }

  /**
   * Processes of all machines together; of each where open-instruct's mason.py is told of machines,
   * which multiplies accelerate's {@code num_processes}.
   */
  private void all(Setting processes, Optional<Setting> machines) {
    if (machines.filter(setting -> setting.key().equals("num_nodes")).isPresent()) {
      each(processes, processes.whole(), machines);
      return;
    }
    job.put(JobKey.GPU_COUNT, processes);
    int count = processes.whole();
    machines
        .filter(setting -> isTold(nodes(setting), count) && count % nodes(setting) == 0)
        .ifPresent(setting -> job.put(JobKey.NODES, nodes(setting), setting));
  }

  /** GPUs of a machine times machines; {@code gpu} and {@code auto} leave the count open. */
  private void each(Setting from, int count, Optional<Setting> machines) {
    int nodes = from.key().equals("include") ? 1 : machines.map(LauncherOptions::nodes).orElse(1);
    job.put(JobKey.GPU_COUNT, (int) Math.min(1_000_000, (long) count * nodes), from);
    machines
        .filter(setting -> nodes > 1 || isTold(nodes, count) && !from.key().equals("include"))
        .ifPresent(setting -> job.put(JobKey.NODES, nodes, setting));
  }

  /** Whether machines are to be told: one is where others would be thought to hold so many. */
  static boolean isTold(int machines, int gpus) {
    return machines > 1 || gpus > USUAL_MACHINE;
  }

  /** The most of {@code 1:4}, by which torchrun waits for more to come. */
  private static int nodes(Setting machines) {
    Matcher elastic = ELASTIC.matcher(machines.shown());
    return Math.max(1, elastic.matches() ? Integer.parseInt(elastic.group(1)) : machines.whole());
  }

  /** A count that comes from outside is as good as none, which is said. */
  private boolean isKnown(Setting setting) {
    if (setting.isVariable()) {
      job.say(
          FindingCode.NOT_COUNTED,
          setting,
          setting.key()
              + " is "
              + setting.shown()
              + (setting.shown().contains("SLURM_")
                  ? ", which Slurm fills in where the job asks for so many (#SBATCH --gpus)"
                  : ", which is filled in from outside the file")
              + ": counted as if it were not there");
    }
    return !setting.isVariable();
  }

  private Optional<Setting> get(Map<String, Node> from, List<String> names) {
    return names.stream()
        .flatMap(name -> setting(from, name).stream())
        .findFirst()
        .filter(setting -> !setting.isNothing());
  }

  private Optional<Setting> setting(Map<String, Node> from, String name) {
    return Optional.ofNullable(from.get(name)).map(node -> new Setting(file.name(), name, node));
  }

  private static boolean isCount(Setting setting) {
    return !List.of("gpu", "auto", "cpu").contains(setting.shown().toLowerCase(Locale.ROOT));
  }
}
