package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A section {@code fsdp_config} of accelerate or of the Trainer.
 *
 * @param section whose keys may begin with {@code fsdp_}
 * @param origin stands for keys that are missing
 */
public record Fsdp(JobBuilder job, Optional<Setting> section, Setting origin) {

  /** Takes all but checkpointing; returns where that is asked for. */
  public Optional<Setting> read() {
    return read(false);
  }

  /**
   * Takes all but checkpointing; returns where that is asked for.
   *
   * @param wrapped whether layers are wrapped without a policy that says so
   */
  Optional<Setting> read(boolean wrapped) {
    job.reads(List.of(JobKey.STRATEGY), this::strategy);
    job.reads(List.of(JobKey.OFFLOAD), this::offload);
    job.reads(List.of(JobKey.RESHARD_AFTER_FORWARD), this::reshard);
    job.reads(List.of(JobKey.SAVED_STATE), this::saved);
    job.reads(List.of(JobKey.FIRST_RANK_LOADS), this::loading);
    job.reads(List.of(JobKey.LAYER_CLASSES), this::layers);
    boolean policy =
        get("auto_wrap_policy").filter(value -> !value.word().equals("no_wrap")).isPresent();
    if (!policy && !wrapped) {
      job.say(
          FindingCode.NOT_COUNTED,
          get("auto_wrap_policy").orElse(origin),
          "without fsdp_auto_wrap_policy the whole model is gathered at once: layers are counted"
              + " one by one");
    }
    get("auto_wrap_policy").ifPresent(each -> bySize(job, Optional.of(each), Optional.empty()));
    Optional<Setting> checkpoints = get("activation_checkpointing").filter(Setting::bool);
    checkpoints.ifPresent(
        setting -> job.reads(List.of(JobKey.FSDP_CHECKPOINTING), () -> checkpointing(setting)));
    return checkpoints;
  }

  private void checkpointing(Setting setting) {
    if (version() == 2) {
      job.put(JobKey.FSDP_CHECKPOINTING, true, setting);
    }
  }

  /**
   * Says that units are made by their size: PyTorch's size_based_auto_wrap_policy leaves what is
   * smaller to the module around it, so that much may be gathered at once.
   *
   * @param policy of wrapping, which a size stands for where there is none
   */
  public static void bySize(JobBuilder job, Optional<Setting> policy, Optional<Setting> size) {
    boolean asked =
        policy.isPresent()
            ? policy.get().word().equals("size_based_wrap")
            : size.filter(Fsdp::isSize).isPresent();
    if (asked) {
      job.say(
          FindingCode.NOT_COUNTED,
          policy.or(() -> size).orElseThrow(),
          "units of a size are not modelled, and may gather more at once: layers are counted one"
              + " by one");
    }
  }

  /** Whether a number of parameters is asked for, and not none. */
  static boolean isSize(Setting number) {
    return !number.isIdle() && !number.text().matches("0+(?:\\.0*)?");
  }

  /** A name of FSDP1's sharding strategies, or its number. */
  void sharding(Setting setting) {
    switch (setting.word()) {
      case "full_shard", "1" -> {}
      case "shard_grad_op", "2" -> job.put(JobKey.RESHARD_AFTER_FORWARD, false, setting);
      case "no_shard", "3" -> job.put(JobKey.STRATEGY, Strategy.DDP, setting);
      case "hybrid_shard", "4" -> hybrid(setting);
      case "hybrid_shard_zero2", "_hybrid_shard_zero2", "5" -> {
        hybrid(setting);
        job.put(JobKey.RESHARD_AFTER_FORWARD, false, setting);
      }
      default -> throw setting.unusable("FULL_SHARD, SHARD_GRAD_OP, NO_SHARD, HYBRID_SHARD");
    }
  }

  private int version() {
    return get("version").map(Setting::whole).orElse(1);
  }

  /** Classes that are no module's stop the job; other policies than that of classes need none. */
  private void layers() {
    Optional<Setting> policy = get("auto_wrap_policy");
    layers(job, policy, get("transformer_layer_cls_to_wrap"), policy.isEmpty());
  }

  /**
   * The classes of the layers that are gathered one by one, or that those of the model are.
   *
   * @param named whether classes count where no policy says so
   */
  public static void layers(
      JobBuilder job, Optional<Setting> policy, Optional<Setting> classes, boolean named) {
    boolean byClass =
        policy.filter(each -> each.word().equals("transformer_based_wrap")).isPresent();
    Optional<Setting> names = classes.filter(each -> !each.isIdle());
    if (names.isPresent() && (byClass || named)) {
      layers(job, names.get());
    } else if (byClass) {
      job.put(JobKey.LAYER_CLASSES, Parallelism.LISTED_LAYERS, policy.orElseThrow());
    }
  }

  /** Classes of the layers that are gathered one by one, in a list or with commas between them. */
  static void layers(JobBuilder job, Setting names) {
    job.put(JobKey.LAYER_CLASSES, names.words(), names);
  }

  private void strategy() {
    Optional<Setting> version = get("version");
    int number = version();
    if (number != 1 && number != 2) {
      throw version.orElseThrow().unusable("1, 2");
    }
    job.put(JobKey.STRATEGY, number == 2 ? Strategy.FSDP2 : Strategy.FSDP1, version.orElse(origin));
    if (number == 1) {
      get("sharding_strategy").ifPresent(this::sharding);
    }
  }

  private void offload() {
    get("offload_params")
        .filter(Setting::bool)
        .ifPresent(setting -> job.put(JobKey.OFFLOAD, List.of("parameters"), setting));
  }

  private void loading() {
    get("cpu_ram_efficient_loading")
        .ifPresent(setting -> job.put(JobKey.FIRST_RANK_LOADS, setting.bool(), setting));
  }

  private void saved() {
    get("state_dict_type").ifPresent(type -> saved(job, type));
  }

  /** What {@code state_dict_type} hands over to be saved. */
  public static void saved(JobBuilder job, Setting type) {
    switch (type.word()) {
      case "full_state_dict" -> job.put(JobKey.SAVED_STATE, SavedState.FULL, type);
      case "sharded_state_dict", "local_state_dict" ->
          job.put(JobKey.SAVED_STATE, SavedState.SHARDED, type);
      default -> throw type.unusable("FULL_STATE_DICT, SHARDED_STATE_DICT, LOCAL_STATE_DICT");
    }
  }

  /** A truth value; in FSDP1 the name of a sharding strategy. */
  private void reshard() {
    Optional<Setting> setting = get("reshard_after_forward");
    if (setting.isEmpty()) {
      return;
    }
    if (setting.get().isBool()) {
      job.put(JobKey.RESHARD_AFTER_FORWARD, setting.get());
    } else {
      sharding(setting.get());
    }
  }

  private void hybrid(Setting setting) {
    job.say(
        FindingCode.NOT_COUNTED,
        setting,
        setting.shown().toLowerCase(Locale.ROOT),
        " shards within a machine: ",
        JobKey.REPLICATE,
        " says how many machines hold a copy");
  }

  private Optional<Setting> get(String name) {
    return section.flatMap(value -> value.at("fsdp_" + name).or(() -> value.at(name)));
  }
}
