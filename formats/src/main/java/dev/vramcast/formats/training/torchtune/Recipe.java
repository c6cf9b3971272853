package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.RotateMethod;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The recipe is an argument of {@code tune run} and not in the file; the comment over shipped
 * configurations shows the command.
 */
final class Recipe {

  private static final Pattern PROCESSES =
      Pattern.compile("tune run[^\\n]*--nproc[_-]per[_-]node[ =](\\d{1,6})[^\\n]*");
  private static final Pattern NODES =
      Pattern.compile("tune run[^\\n]*--nnodes[ =](\\d{1,6})(?![\\d:])");
  private static final Pattern NAME =
      Pattern.compile("tune run[^\\n]*?\\s(?:[\\w/]*/)?(\\w+)\\s+(?:\\\\\\n#\\s*)?--config");

  private static final String QUANTIZER =
      "(?:[\\w.]*\\.)?Int8DynActInt4WeightQATQuantizer(?:ModuleSwap)?";

  private static final Map<String, String> LOSSES =
      Map.of("DPOLoss", "sigmoid", "RSOLoss", "hinge", "IPOLoss", "ipo");

  private final JobBuilder job;
  private final TrainingFile file;

  Recipe(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    job.reads(List.of(JobKey.TENSOR), this::degrees);
    String recipe = name();
    stage(recipe);
    Matcher processes = PROCESSES.matcher(file.header());
    boolean coverage =
        List.of(JobKey.SHARD, JobKey.TENSOR, JobKey.CONTEXT).stream().anyMatch(job::has);
    if (recipe.contains("single_device")) {
      job.put(JobKey.GPU_COUNT, 1);
      if (processes.find() && Integer.parseInt(processes.group(1)) > 1) {
        job.say(
            FindingCode.REFUSED,
            "nproc_per_node",
            "nproc_per_node is " + processes.group(1) + ", but " + recipe + " runs on one GPU");
      }
    } else if (processes.find()) {
      Matcher nodes = NODES.matcher(processes.group());
      long count =
          Long.parseLong(processes.group(1)) * (nodes.find() ? Long.parseLong(nodes.group(1)) : 1);
      job.put(JobKey.GPU_COUNT, count);
      job.say(
          FindingCode.NOT_COUNTED,
          "nproc_per_node",
          "how many GPUs there are is taken from the command tune run: " + count);
    } else if (!coverage) {
      job.assumeOneGpu();
    }
  }

  /** Of several commands in the comment, the last is that of the file; empty without one. */
  String name() {
    Matcher named = NAME.matcher(file.header());
    String recipe = "";
    while (named.find()) {
      recipe = named.group(1);
    }
    return recipe;
  }

  private void stage(String recipe) {
    Optional<String> stage =
        Stream.of("dpo", "grpo", "ppo")
            .filter(recipe::contains)
            .findFirst()
            .or(() -> job.get("loss._component_").flatMap(loss -> stageOf(loss.shown())));
    if (stage.isPresent()) {
      StageNames.read(job, stage.get());
      if (stage.get().equals("dpo")) {
        preference();
      }
      return;
    }
    if (recipe.contains("knowledge_distillation") || job.get("teacher_model").isPresent()) {
      new Distillation(job).read();
    }
    job.get("enable_fp8_training")
        .filter(Setting::bool)
        .ifPresent(fp8 -> job.put(JobKey.TRAINING_SCHEME, "fp8", fp8));
    if (recipe.contains("qat") || job.get("quantizer._component_").isPresent()) {
      quantizer();
    }
  }

  /** The stage that a loss is of, where it is not that of labels. */
  static Optional<String> stageOf(String loss) {
    String name = loss.substring(loss.lastIndexOf('.') + 1);
    if (LOSSES.containsKey(name)) {
      return Optional.of("dpo");
    }
    return name.matches("(GRPO|PPO)\\w*Loss")
        ? Optional.of(name.startsWith("G") ? "grpo" : "ppo")
        : Optional.empty();
  }

  /** Which linears a quantizer replaces, and by what, is known of one with its usual groups. */
  private void quantizer() {
    job.put(JobKey.TRAINING_SCHEME, "qat-int4");
    Optional<Setting> component = job.get("quantizer._component_");
    Optional<Setting> groups = job.get("quantizer.groupsize");
    boolean usual =
        component.map(Setting::shown).filter(shown -> !shown.matches(QUANTIZER)).isEmpty()
            && groups.map(Setting::shown).filter(shown -> !shown.equals("256")).isEmpty();
    if (!usual) {
      job.notModelled(
          JobKey.TRAINING_SCHEME,
          Gap.of("a quantizer other than Int8DynActInt4WeightQATQuantizer with groups of 256"));
    }
    job.get("fake_quant_after_n_steps")
        .filter(steps -> !steps.isIdle())
        .ifPresent(
            steps ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    steps.key(),
                    "the steps before fake quantisation need less, and are not counted apart"));
  }

  /** torchtune/rlhf/loss/dpo.py. */
  private void preference() {
    job.get("loss._component_")
        .ifPresent(
            loss -> {
              String name = loss.shown().substring(loss.shown().lastIndexOf('.') + 1);
              Optional<String> type = Optional.ofNullable(LOSSES.get(name));
              type.ifPresent(word -> job.put(JobKey.LOSS_TYPE, List.of(word), loss));
            });
    job.get("loss.beta").ifPresent(beta -> job.put(JobKey.BETA, beta));
    job.get("loss.label_smoothing")
        .filter(share -> !share.isIdle())
        .ifPresent(share -> job.put(JobKey.LABEL_SMOOTHING, share));
  }

  private void degrees() {
    job.takeWay("tensor_parallel_dim", JobKey.TENSOR);
    job.takeWay("context_parallel_dim", JobKey.CONTEXT);
    RotateMethod.take(job, job.get("context_parallel_rotate_method"));
    job.takeWay("data_parallel_shard_dim", JobKey.SHARD);
    job.takeWay("data_parallel_replicate_dim", JobKey.REPLICATE);
  }
}
