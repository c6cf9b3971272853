package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.verl.VerlReader.ACTOR;
import static dev.vramcast.formats.training.verl.VerlReader.ROLLOUT;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Engine;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The algorithm, the models beside the actor, and who generates. */
final class Rollout {

  /**
   * Estimators without a critic, which tell from GRPO's by numbers a token alone
   * (verl/trainer/ppo/core_algos.py, need_critic of verl/trainer/ppo/utils.py; gigpo is
   * verl-agent's, verl/trainer/ppo/ray_trainer.py use_critic there).
   */
  private static final Set<String> GROUPED =
      Set.of(
          "grpo",
          "grpo_vectorized",
          "grpo_passk",
          "gdpo",
          "gigpo",
          "dr_grpo",
          "gpg",
          "opo",
          "reinforce_plus_plus",
          "reinforce_plus_plus_baseline",
          "remax");

  private final JobBuilder job;

  Rollout(JobBuilder job) {
    this.job = job;
  }

  void read() {
    stage();
    distilled();
    job.reads(List.of(JobKey.REFERENCE), this::reference);
    if (job.is(JobKey.STAGE, "ppo")) {
      job.take("critic.model.path", JobKey.VALUE_MODEL);
    }
    job.reads(List.of(JobKey.REWARD_MODELS), this::rewards);
    length("data.max_prompt_length", JobKey.PROMPT_LENGTH);
    length("data.max_response_length", JobKey.COMPLETION_LENGTH);
    engine();
  }

  /** A length that is null is one that a program derived from verl sets itself. */
  private void length(String path, JobKey key) {
    job.take(path, key);
    if (job.isNull(path)) {
      job.assume(
          key,
          path + " is null, and what the program puts in its place is not known: 512, verl's own",
          " default, are counted; ",
          key,
          " says how many");
    }
  }

  private void stage() {
    Optional<Setting> named = job.get("algorithm.adv_estimator");
    if (named.isEmpty()) {
      // verl/trainer/config/algorithm.py: adv_estimator is gae, which needs a critic.
      StageNames.read(job, "ppo");
      return;
    }
    job.reads(
        List.of(JobKey.STAGE),
        () -> {
          String word = named.get().text().toLowerCase(Locale.ROOT);
          String estimator = word.substring(word.lastIndexOf('.') + 1);
          if (estimator.equals("remax")) {
            job.say(
                FindingCode.NOT_COUNTED,
                named.get(),
                "remax completes each prompt once more, greedily, which is not in the time");
          }
          StageNames.read(
              job,
              named.get(),
              estimator.equals("gae")
                  ? "ppo"
                  : GROUPED.contains(estimator)
                      ? "grpo"
                      : estimator.startsWith("rloo") ? "rloo" : estimator);
        });
  }

  /** A teacher's log-probabilities take the place of rewards, or stand beside them. */
  private void distilled() {
    Optional<Setting> enabled = job.get("distillation.enabled").filter(Setting::bool);
    if (enabled.isEmpty()) {
      job.any(
              "distillation.teacher_model.model_path",
              "distillation.teacher_models.teacher_model.model_path")
          .ifPresent(
              teacher ->
                  job.say(
                      FindingCode.IGNORED_KEY,
                      teacher,
                      teacher.key()
                          + " does nothing: distillation.enabled is false where nobody says true"));
    }
    enabled.ifPresent(
        on ->
            job.notModelled(
                JobKey.STAGE,
                on,
                Gap.of("distillation of verl")
                    .needs("what its loss keeps of the teacher's and the student's logits")
                    .modelled(JobKey.STAGE, " gkd of TRL and ms-swift")));
  }

  /** A reference takes part only where a divergence from it is asked for. */
  private void reference() {
    Optional<Setting> loss = job.get(ACTOR + "use_kl_loss").filter(Setting::bool);
    Optional<Setting> reward = job.get("algorithm.use_kl_in_reward").filter(Setting::bool);
    Optional<Setting> asked = loss.or(() -> reward).or(this::early);
    if (asked.isEmpty()) {
      job.put(JobKey.REFERENCE, "none");
      return;
    }
    String source = job.is(JobKey.METHOD, "lora") ? "adapter-off" : "copy";
    job.put(JobKey.REFERENCE, source, asked.get());
    if (job.has(JobKey.STAGE)) {
      job.take(
          loss.isPresent() ? ACTOR + "kl_loss_coef" : "algorithm.kl_ctrl.kl_coef", JobKey.BETA);
    }
  }

  /**
   * Until 0.3 no key asks for the divergence in the reward, and a reference is always there
   * (verl/trainer/main_ppo.py role_worker_mapping): a whole configuration shows it by its silence.
   */
  private Optional<Setting> early() {
    boolean whole = job.get("critic.cliprange_value").isPresent() && job.get("defaults").isEmpty();
    return whole && job.get("algorithm.use_kl_in_reward").isEmpty()
        ? job.get("algorithm.kl_ctrl.kl_coef")
        : Optional.empty();
  }

  private void rewards() {
    for (String section : List.of("reward.reward_model.", "reward_model.")) {
      if (job.isOn(section + "enable")) {
        job.get(section + "model_path")
            .or(() -> job.get(section + "model.path"))
            .ifPresent(path -> job.put(JobKey.REWARD_MODELS, List.of(path.model()), path));
      }
    }
  }

  private void engine() {
    Optional<Setting> apart =
        job.get(ROLLOUT + "nnodes")
            .or(() -> job.get("rollout.nnodes"))
            .filter(nodes -> !nodes.isVariable() && nodes.whole() > 0);
    job.get(ROLLOUT + "name").ifPresent(named -> Engine.read(job, named, apart.isEmpty()));
    job.take(ROLLOUT + "n", JobKey.GROUP_SIZE);
    agents(job)
        .filter(agents -> agents.whole() > 1 && !job.has(JobKey.GROUP_SIZE))
        .ifPresent(agents -> job.put(JobKey.GROUP_SIZE, agents));
    job.get("env.max_steps")
        .filter(turns -> !turns.isVariable() && turns.whole() > 1)
        .ifPresent(
            turns ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    turns,
                    "env.max_steps is " + turns.shown() + ": one turn of a rollout is counted"));
    job.take(ROLLOUT + "gpu_memory_utilization", JobKey.ENGINE_FRACTION);
    job.take(ROLLOUT + "tensor_model_parallel_size", JobKey.ENGINE_TENSOR);
    job.take(ROLLOUT + "max_model_len", JobKey.ENGINE_LENGTH);
    if (apart.isPresent()) {
      job.reads(List.of(JobKey.ENGINE_GPUS), () -> apart(apart.get()));
    } else if (!job.is(JobKey.ENGINE, "transformers")) {
      sleep();
    }
    job.reads(List.of(JobKey.ENGINE_AHEAD), this::ahead);
  }

  private void apart(Setting nodes) {
    int each =
        job.get(ROLLOUT + "n_gpus_per_node")
            .or(() -> job.get("rollout.n_gpus_per_node"))
            .or(() -> job.get("trainer.n_gpus_per_node"))
            .map(Setting::whole)
            .orElse(8);
    job.put(JobKey.ENGINE_GPUS, nodes.times(each), nodes);
  }

  /**
   * {@code rollout.nnodes} is one_step_off_policy's, which is a batch ahead; the fully asynchronous
   * trainer is by as much of one as {@code async_training} lets it, and others by modes of theirs.
   */
  private void ahead() {
    Optional<Setting> some =
        job.get("async_training")
            .or(
                () ->
                    job.get("trainer.v1.trainer_mode")
                        .filter(mode -> mode.shown().contains("async")));
    if (some.isPresent()) {
      job.say(
          FindingCode.NOT_COUNTED,
          some.get(),
          "what is generated while training runs is not counted: a step waits for all of its"
              + " completions");
    } else {
      job.get("rollout.nnodes")
          .filter(nodes -> job.get(ROLLOUT + "nnodes").isEmpty())
          .ifPresent(nodes -> job.put(JobKey.ENGINE_AHEAD, true, nodes));
    }
  }

  /** Both weights and cache go, or the weights stay in host memory for adapters over them. */
  private void sleep() {
    Optional<Setting> free = job.get(ROLLOUT + "free_cache_engine");
    int level = job.is(JobKey.METHOD, "lora") ? 1 : 2;
    if (free.isPresent()) {
      job.put(JobKey.ENGINE_SLEEP, free.get().bool() ? level : 0, free.get());
    } else {
      job.put(JobKey.ENGINE_SLEEP, level);
    }
  }

  /** Search-R1's rollouts of a prompt, or verl-agent's, each with searches or turns of its own. */
  static Optional<Setting> agents(JobBuilder job) {
    return job.any(ROLLOUT + "n_agent", "env.rollout.n");
  }
}
