package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.formats.training.trl.others.Firefly;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is trained for, by the sub-command, the script, or arguments that only one stage has. */
enum Stage {
  // Before those whose names are a part of theirs.
  ONLINE_DPO("online_dpo", "OnlineDPOConfig"),
  ASYNC_GRPO("async_grpo", "AsyncGRPOConfig"),
  MINILLM("minillm", "MiniLLMConfig"),
  SDPO("sdpo", "SDPOConfig"),
  SDFT("sdft", "SDFTConfig"),
  PAPO("papo", "PAPOConfig"),
  TPO("tpo", "TPOConfig"),
  GOLD("gold", "GOLDConfig"),
  DISTILLATION("distillation", "DistillationConfig"),
  NASH("nash", "NashMDConfig"),
  XPO("xpo", "XPOConfig"),
  BCO("bco", "BCOConfig"),
  PRM("prm", "PRMConfig"),
  GKD("gkd", "GKDConfig", "teacher_model_name_or_path"),
  RLOO("rloo", "RLOOConfig"),
  GRPO("grpo", "GRPOConfig", "num_generations", "max_completion_length", "reward_funcs"),
  GSPO("gspo", "GSPOConfig"),
  PPO("ppo", "PPOConfig"),
  /** The trainer of its authors (princeton-nlp/SimPO scripts/simpo_trainer.py). */
  SIMPO("simpo", "SimPOConfig", "gamma_beta_ratio", "simpo_gamma"),
  DPO("dpo", "DPOConfig", "max_prompt_length", "precompute_ref_log_probs", "rpo_alpha", "beta"),
  KTO("kto", "KTOConfig"),
  ORPO("orpo", "ORPOConfig"),
  CPO("cpo", "CPOConfig"),
  REWARD("reward", "RewardConfig", "center_rewards_coefficient"),
  SFT("sft", "SFTConfig");

  /** Words that files are called by for other reasons. */
  private static final Set<Stage> ORDINARY = EnumSet.of(GOLD, NASH, DISTILLATION);

  /** Stages of pairs, which have most arguments in common: those that are taken for DPO's too. */
  private static final Set<Stage> PAIRED = EnumSet.of(KTO, ORPO, CPO, SIMPO, BCO);

  private static final Set<Stage> SWITCHED = EnumSet.of(DPO, KTO, ORPO, CPO, GRPO, SIMPO);

  private static final Pattern HEADER =
      Pattern.compile("(?m)^#.*?(?:\\btrl (\\w+) --config|scripts[./](\\w+)(?:\\.py)?\\s)");

  private final String word;
  private final String config;
  private final List<String> keys;

  Stage(String word, String config, String... keys) {
    this.word = word;
    this.config = config;
    this.keys = List.of(keys);
  }

  /** The word in the name of the command or script. */
  String word() {
    return word;
  }

  /** The class of its arguments. */
  String configuration() {
    return config;
  }

  /** The classes by which programs name it, its arguments first. */
  List<String> classes() {
    return List.of(config, config.replace("Config", "Trainer"));
  }

  /** Whether completions are generated, so that nothing else says how long they are. */
  boolean generates() {
    return switch (this) {
      case GRPO, GSPO, RLOO, PPO, ONLINE_DPO, ASYNC_GRPO, NASH, XPO -> true;
      case MINILLM,
          SDPO,
          SDFT,
          PAPO,
          TPO,
          GOLD,
          DISTILLATION,
          BCO,
          PRM,
          GKD,
          SIMPO,
          DPO,
          KTO,
          ORPO,
          CPO,
          REWARD,
          SFT ->
          false;
    };
  }

  /** Whether its arguments have {@code total_episodes}, or had it in earlier releases. */
  boolean countsEpisodes() {
    return this == PPO || this == RLOO || this == ONLINE_DPO;
  }

  static Stage of(TrainingFile file) {
    return ofTask(file)
        .or(() -> ofCommand(file))
        .or(() -> ofConfig(file))
        .or(() -> ofHeader(file))
        .or(() -> ofKeys(file))
        .or(() -> ofSwitch(file))
        .or(() -> ofName(file))
        .orElse(SFT);
  }

  /** The key that names the stage; empty where a command, a class or other keys tell it. */
  Optional<Setting> key(TrainingFile file) {
    Optional<Setting> task = Firefly.preferences(file).filter(key -> this == DPO);
    boolean otherwise =
        Stream.of(ofCommand(file), ofConfig(file), ofHeader(file), ofKeys(file))
            .anyMatch(Optional::isPresent);
    return task.or(() -> otherwise ? Optional.empty() : switched(file));
  }

  /** The one that the name of a file of keys tells, where nothing in it and no command does. */
  static Optional<Stage> told(TrainingFile file) {
    Optional<Stage> keyed = keyed(file);
    boolean silent =
        ofTask(file).isEmpty()
            && ofCommand(file).isEmpty()
            && ofConfig(file).isEmpty()
            && ofHeader(file).isEmpty()
            && (keyed.isPresent() ? !keyed.equals(ofKeys(file)) : ofSwitch(file).isEmpty());
    Optional<Stage> named =
        keyed.isPresent() ? ofKeys(file).filter(PAIRED::contains) : ofName(file);
    return silent ? named.filter(stage -> stage != SFT) : Optional.empty();
  }

  private static Optional<Stage> ofName(TrainingFile file) {
    String name = file.name().substring(file.name().lastIndexOf('/') + 1);
    return alone(file, List.of(name.toLowerCase(Locale.ROOT).split("[^a-z]+")));
  }

  /** The folder of a file says so too, as recipes/MODEL/orpo/config.yaml of alignment-handbook. */
  private static Optional<Stage> ofFolder(TrainingFile file) {
    return TrainingText.folder(file.name())
        .flatMap(folder -> alone(file, List.of(folder.toLowerCase(Locale.ROOT))));
  }

  private static Optional<Stage> alone(TrainingFile file, List<String> words) {
    List<Stage> named =
        List.of(values()).stream()
            .filter(stage -> words.contains(stage.word) && !ORDINARY.contains(stage))
            .toList();
    return file.form() == Form.TREE && named.size() == 1
        ? Optional.of(named.get(0))
        : Optional.empty();
  }

  /** The comment over a file may show the command that takes it. */
  private static Optional<Stage> ofHeader(TrainingFile file) {
    Matcher command = HEADER.matcher(file.header());
    if (!command.find()) {
      return Optional.empty();
    }
    String name = script(command.group(1) != null ? command.group(1) : command.group(2));
    return List.of(values()).stream().filter(stage -> name.startsWith(stage.word)).findFirst();
  }

  private static Optional<Stage> ofCommand(TrainingFile file) {
    List<String> command =
        file.command().map(found -> found.words()).orElse(List.of()).stream()
            .map(word -> script(word.substring(word.lastIndexOf('/') + 1)))
            .toList();
    if (command.stream().anyMatch(name -> name.contains("distill"))) {
      return Optional.of(DISTILLATION);
    }
    return List.of(values()).stream()
        .filter(stage -> command.stream().anyMatch(name -> name.contains(stage.word)))
        .findFirst();
  }

  /** The script of online DPO has its words the other way round (trl examples/scripts). */
  private static String script(String name) {
    return name.toLowerCase(Locale.ROOT).replace("dpo_online", ONLINE_DPO.word);
  }

  private static Optional<Stage> ofConfig(TrainingFile file) {
    return List.of(values()).stream()
        .filter(stage -> stage.classes().stream().anyMatch(file::has))
        .findFirst();
  }

  private static Optional<Stage> ofKeys(TrainingFile file) {
    Optional<Stage> keyed = keyed(file);
    if (keyed.filter(stage -> stage == DPO).isPresent() && file.has("reward_model_path")) {
      // Pairs that are generated are scored (trl/experimental/online_dpo/online_dpo_config.py).
      return Optional.of(ONLINE_DPO);
    }
    return keyed
        .filter(stage -> stage == DPO)
        .flatMap(stage -> ofName(file).or(() -> ofFolder(file)))
        .filter(PAIRED::contains)
        .or(() -> keyed);
  }

  /** Stages of pairs had the length of a completion too, beside that of both, as GRPO has not. */
  private static Optional<Stage> keyed(TrainingFile file) {
    boolean both = file.has("max_length");
    return List.of(values()).stream()
        .filter(
            stage ->
                stage.keys.stream()
                    .filter(key -> !both || !key.equals("max_completion_length"))
                    .anyMatch(file::has))
        .findFirst();
  }

  /** {@code --dpo true} of a program that does several things. */
  private static Optional<Stage> ofSwitch(TrainingFile file) {
    return SWITCHED.stream().filter(stage -> stage.switched(file).isPresent()).findFirst();
  }

  private Optional<Setting> switched(TrainingFile file) {
    return Stream.of(word, "use_" + word, "do_" + word)
        .flatMap(key -> JobBuilder.in(file, key).stream())
        .filter(on -> SWITCHED.contains(this) && on.shown().equalsIgnoreCase("true"))
        .findFirst();
  }

  private static Optional<Stage> ofTask(TrainingFile file) {
    return Firefly.preferences(file).map(task -> DPO);
  }
}
