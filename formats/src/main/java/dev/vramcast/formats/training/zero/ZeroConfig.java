package dev.vramcast.formats.training.zero;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A DeepSpeed configuration, as a file of its own or inside another one. */
public final class ZeroConfig {

  /** accelerate/utils/dataclasses.py: ACCELERATE_DEEPSPEED_ZERO_STAGE is 2 when it is not set. */
  public static final int UNSTATED_STAGE = 2;

  static final String AUTO = "auto";

  /** Names of deepspeed/runtime/config.py for FusedAdam, and for what has its states. */
  private static final List<String> ADAM = List.of("adam", "adamw", "onebitadam", "zerooneadam");

  private final JobBuilder builder;
  private final String file;
  private final String prefix;
  private final Node.Fields root;

  private ZeroConfig(JobBuilder builder, String file, String prefix, Node.Fields root) {
    this.builder = builder;
    this.file = file;
    this.prefix = prefix;
    this.root = root;
  }

  /** Takes stage, offloading and precision; {@code auto} leaves a value to the Trainer. */
  public static void read(JobBuilder builder, String file, String prefix, Node.Fields root) {
    new ZeroConfig(builder, file, prefix, root).read();
  }

  /** Sets the strategy of a stage; stage 0 is plain data parallelism. */
  public static void stage(JobBuilder builder, int stage, Setting from) {
    Strategy strategy =
        switch (stage) {
          case 0 -> Strategy.DDP;
          case 1 -> Strategy.ZERO1;
          case 2 -> Strategy.ZERO2;
          case 3 -> Strategy.ZERO3;
          default -> throw from.unusable("0, 1, 2, 3");
        };
    if (strategy != Strategy.DDP) {
      builder.put(JobKey.STRATEGY, strategy, from);
    }
  }

  /**
   * As {@link #stage}, where accelerate writes the configuration itself: DeepSpeedPlugin of
   * utils/dataclasses.py gives it no sizes, so they are DeepSpeed's own.
   */
  public static void unwritten(JobBuilder builder, int stage, Setting from) {
    stage(builder, stage, from);
    if (stage > 0) {
      builder.reads(
          List.of(JobKey.ZERO_SIZES), () -> builder.put(JobKey.ZERO_SIZES, "default", from));
    }
  }

  /** Under stage 3 alone: otherwise rank 0 has all weights. */
  private void saved() {
    get("zero_optimization.stage3_gather_16bit_weights_on_model_save")
        .filter(gathers -> builder.is(JobKey.STRATEGY, Strategy.ZERO3.label()))
        .ifPresent(
            gathers ->
                builder.put(
                    JobKey.SAVED_STATE,
                    gathers.bool() ? SavedState.FULL : SavedState.SHARDED,
                    gathers));
  }

  private void read() {
    Optional<Setting> stage = get("zero_optimization.stage");
    if (stage.isPresent()) {
      builder.reads(
          List.of(JobKey.STRATEGY), () -> stage(builder, stage.get().whole(), stage.get()));
      builder.reads(List.of(JobKey.OFFLOAD), () -> offload(stage.get().whole()));
      builder.reads(List.of(JobKey.SAVED_STATE), this::saved);
      new ZeroSizes(builder, this::any).read(stage.get());
      get("zero_force_ds_cpu_optimizer")
          .filter(force -> !force.bool())
          .ifPresent(force -> builder.keepOptimizer());
    }
    builder.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    builder.reads(List.of(JobKey.TENSOR), this::tensorParallel);
    builder.reads(
        List.of(JobKey.STRATEGY),
        () -> {
          agrees("train_micro_batch_size_per_gpu", JobKey.MICRO_BATCH);
          agrees("gradient_accumulation_steps", JobKey.GRAD_ACCUM);
        });
    notCounted("zero_optimization.zero_hpz_partition_size", "shards are not kept twice");
    notCounted("zero_optimization.zero_quantized_weights", "gathered weights are not quantised");
    notCounted("zero_optimization.zero_quantized_gradients", "gradients are not quantised");
    notCounted("bf16.bf16_master_weights_and_grads", "masters and gradients are counted as fp32");
    notCounted("bf16.bf16_optimizer_states", "states are counted as fp32");
    notCounted("msamp.enabled", "weights, gradients and states of MS-AMP are counted in 16 bits");
    notCounted("torch_autocast.enabled", "casts of autocast are not counted");
    notCounted("weight_quantization", "weights are counted as they are");
    notCounted(
        "compression_training.weight_quantization.shared_parameters.enabled",
        "weights are counted as they are");
    get("data_types.grad_accum_dtype")
        .filter(setting -> setting.shown().contains("32"))
        .ifPresent(
            setting -> say(FindingCode.NOT_COUNTED, setting, "gradients are counted in 16 bits"));
  }

  /**
   * The engine makes the optimizer that its own file names, whatever the Trainer is told
   * (transformers/integrations/deepspeed.py deepspeed_optim_sched).
   */
  private void optimizer() {
    Optional<Setting> type = get("optimizer.type");
    if (type.isEmpty() || builder.is(JobKey.FRAMEWORK_NAME, "deepspeed")) {
      return;
    }
    String word = type.get().word();
    if (ADAM.contains(word) || word.equals("lion")) {
      builder.put(JobKey.OPTIMIZER_NAME, word.equals("lion") ? "lion" : "adamw", type.get());
      builder.put(JobKey.OPTIMIZER_IMPLEMENTATION, "deepspeed", type.get());
    } else {
      say(FindingCode.NOT_COUNTED, type.get(), "another optimizer is counted in its place");
    }
  }

  private void offload(int stage) {
    List<String> kept = new ArrayList<>();
    Optional<Setting> optimizer = device("offload_optimizer", "cpu_offload");
    Optional<Setting> parameters = device("offload_param", "cpu_offload_params");
    optimizer.ifPresent(
        setting -> {
          if (stage > 0) {
            kept.add("optimizer");
          } else {
            say(FindingCode.IGNORED_KEY, setting, "stage 0 offloads nothing");
          }
        });
    parameters.ifPresent(
        setting -> {
          if (stage == 3) {
            kept.add("parameters");
          } else {
            say(FindingCode.IGNORED_KEY, setting, "only stage 3 offloads parameters");
          }
        });
    Optional<Setting> origin = optimizer.or(() -> parameters);
    if (!kept.isEmpty()) {
      builder.put(JobKey.OFFLOAD, kept, origin.orElseThrow());
    }
  }

  /** The device that something is kept on, when it is not the GPU. */
  private Optional<Setting> device(String section, String oldFlag) {
    Optional<Setting> device =
        get("zero_optimization." + section + ".device")
            .filter(setting -> !setting.word().equals("none"));
    device
        .filter(setting -> setting.word().equals("nvme"))
        .ifPresent(
            setting -> say(FindingCode.NOT_COUNTED, setting, "counted in the host's memory"));
    return device.or(() -> get("zero_optimization." + oldFlag).filter(Setting::bool));
  }

  /** The Trainer refuses a value other than its own (transformers/integrations/deepspeed.py). */
  private void agrees(String path, JobKey key) {
    Optional<Setting> here = get(path);
    Optional<Integer> there = builder.whole(key);
    if (here.isPresent() && there.isPresent() && here.get().whole() != there.get()) {
      builder.say(
          FindingCode.CONTRADICTION,
          here.get(),
          here.get().key()
              + " is "
              + here.get().shown()
              + ", but the job's own argument says "
              + there.get()
              + ", which is counted; auto takes it over");
    }
  }

  private void tensorParallel() {
    get("tensor_parallel.autotp_size")
        .filter(setting -> setting.whole() > 1)
        .ifPresent(setting -> builder.put(JobKey.TENSOR, setting));
  }

  private void notCounted(String path, String why) {
    get(path)
        .filter(setting -> !setting.isIdle() && !setting.shown().equals("1"))
        .ifPresent(setting -> say(FindingCode.NOT_COUNTED, setting, why));
  }

  private void say(FindingCode code, Setting setting, String why) {
    builder.say(code, setting, setting.key() + " is " + setting.shown() + ": " + why);
  }

  private Optional<Setting> get(String path) {
    return any(path).filter(setting -> !setting.shown().equals(AUTO));
  }

  private Optional<Setting> any(String path) {
    return root.at(path)
        .map(node -> new Setting(file, prefix + path, node))
        .filter(setting -> !setting.isNothing());
  }
}
