package dev.vramcast.core.job.resolve.stage;

import static dev.vramcast.core.job.objective.Stage.CLASSIFICATION;
import static dev.vramcast.core.job.objective.Stage.CPO;
import static dev.vramcast.core.job.objective.Stage.DISTILLATION;
import static dev.vramcast.core.job.objective.Stage.DPO;
import static dev.vramcast.core.job.objective.Stage.EBFT_STRIDED;
import static dev.vramcast.core.job.objective.Stage.EMBEDDING;
import static dev.vramcast.core.job.objective.Stage.PPO;
import static dev.vramcast.core.job.objective.Stage.REWARD;
import static dev.vramcast.core.job.objective.Stage.TOKEN_CLASSIFICATION;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses settings of a stage that contradict the stage, the method or each other. */
public final class ObjectiveChecks {

  private static final Set<Stage> GENERATING =
      Stage.those(stage -> stage.generates() || stage == DISTILLATION);
  private static final Set<Stage> COMPARING =
      Stage.those(stage -> stage.compares() || stage.penalises());
  private static final Set<Stage> CLASSIFYING = EnumSet.of(CLASSIFICATION, TOKEN_CLASSIFICATION);
  private static final Set<Stage> PAIRS = Stage.those(Stage::hasPairs);

  /** In which stages a key means something; a key that is not listed does in all. */
  private static final Map<JobKey, Set<Stage>> STAGES = stages();

  private final PartialJob d;
  private final Stage stage;

  private ObjectiveChecks(PartialJob d) {
    this.d = d;
    this.stage = d.get(JobKey.STAGE, Stage.class);
  }

  public static void check(PartialJob d) {
    ObjectiveChecks checks = new ObjectiveChecks(d);
    STAGES.keySet().stream().filter(d::isSet).forEach(checks::checkStage);
    checks.checkReference();
    if (checks.stage == EBFT_STRIDED) {
      checks.checkPlaces();
    } else {
      checks.checkLengths();
    }
    checks.checkWeights();
    checks.checkClassifier();
    if (checks.stage == EMBEDDING) {
      EmbeddingChecks.check(d);
    }
    if (GENERATING.contains(checks.stage)) {
      GenerationChecks.check(d);
    }
    if (checks.stage == DISTILLATION && !d.isSet(JobKey.TEACHER)) {
      throw InputError.about(JobKey.TEACHER)
          .kind(ErrorKind.MISSING)
          .and(" is required where ", JobKey.STAGE, " is distillation")
          .allowed(JobKey.TEACHER.kind().allowed())
          .refusal();
    }
  }

  private static Map<JobKey, Set<Stage>> stages() {
    Map<JobKey, Set<Stage>> stages = new EnumMap<>(JobKey.class);
    JobKey.below("generation").forEach(key -> stages.put(key, GENERATING));
    stages.put(JobKey.GROUP_SIZE, with(GENERATING, EBFT_STRIDED));
    stages.put(JobKey.COMPLETION_MEAN, GENERATING);
    stages.put(JobKey.REFERENCE, COMPARING);
    stages.put(JobKey.REFERENCE_DTYPE, COMPARING);
    stages.put(JobKey.REFERENCE_QUANTIZATION, COMPARING);
    stages.put(JobKey.CHOSEN_LENGTH, PAIRS);
    stages.put(JobKey.REJECTED_LENGTH, PAIRS);
    Set<Stage> answering = Stage.those(Stage::hasAnswers);
    stages.put(JobKey.COMPLETION_LENGTH, with(answering, EBFT_STRIDED));
    Set<Stage> choosing = with(answering, EMBEDDING);
    stages.put(JobKey.PROMPT_LENGTH, with(choosing, EBFT_STRIDED));
    stages.put(JobKey.STRIDE, EnumSet.of(EBFT_STRIDED));
    stages.put(JobKey.LOSS_TYPE, choosing);
    stages.put(JobKey.LOSS_WEIGHTS, choosing);
    stages.put(
        JobKey.BETA,
        Stage.those(each -> each.hasAnswers() && !each.isSupervised() && each != REWARD));
    stages.put(JobKey.LOSS_ALPHA, EnumSet.of(CPO, EBFT_STRIDED));
    stages.put(JobKey.WEIGHTING, EnumSet.of(DPO));
    stages.put(JobKey.LABELS, CLASSIFYING);
    List.of(JobKey.TEACHER, JobKey.TEACHER_DTYPE, JobKey.TEACHER_QUANTIZATION)
        .forEach(key -> stages.put(key, EnumSet.of(DISTILLATION, EMBEDDING)));
    List.of(JobKey.TEXTS, JobKey.MINI_BATCH, JobKey.POOLING, JobKey.MATRYOSHKA)
        .forEach(key -> stages.put(key, EnumSet.of(EMBEDDING)));
    stages.put(JobKey.VALUE_MODEL, EnumSet.of(PPO));
    stages.put(JobKey.REWARD_MODELS, Stage.those(Stage::generates));
    return Collections.unmodifiableMap(stages);
  }

  private static Set<Stage> with(Set<Stage> stages, Stage more) {
    Set<Stage> all = EnumSet.copyOf(stages);
    all.add(more);
    return all;
  }

  private void checkStage(JobKey key) {
    // No reference is what such a stage has.
    boolean none = d.isSet(JobKey.REFERENCE, ReferenceSource.NONE) && key == JobKey.REFERENCE;
    Set<Stage> stages = Objects.requireNonNull(STAGES.get(key));
    if (!stages.contains(stage) && !none) {
      String allowed = stages.stream().map(Stage::label).collect(Collectors.joining(", "));
      throw d.given(key)
          .and(", but ", JobKey.STAGE, " is ", stage)
          .allowed(JobKey.STAGE, " ", allowed)
          .refusal();
    }
  }

  private void checkReference() {
    boolean inAdapters =
        d.isSet(JobKey.REFERENCE, ReferenceSource.ADAPTER_OFF)
            || d.isSet(JobKey.REFERENCE, ReferenceSource.ADAPTER);
    if (inAdapters && !d.method().trainsAdapters()) {
      throw d.given(JobKey.REFERENCE)
          .and(", but ", JobKey.METHOD, " ", d.method(), " has no adapters")
          .allowed("none, copy, precomputed, or ", JobKey.METHOD, " ", Method.WITH_ADAPTERS)
          .refusal();
    }
    if (d.isSet(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED) && GENERATING.contains(stage)) {
      throw d.given(JobKey.REFERENCE)
          .and(", but ", JobKey.STAGE, " ", stage, " generates its completions while it trains")
          .allowed("none, adapter-off, adapter, copy")
          .refusal();
    }
    if (d.isSet(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED) && d.whole(JobKey.IMAGES) > 0) {
      // trl/trainer/dpo_trainer.py refuses it, and no other framework does it.
      throw d.given(JobKey.REFERENCE)
          .and(", but ", JobKey.IMAGES, " is ", d.whole(JobKey.IMAGES))
          .allowed("none, adapter-off, copy, or no images")
          .refusal();
    }
    for (JobKey key : List.of(JobKey.REFERENCE_DTYPE, JobKey.REFERENCE_QUANTIZATION)) {
      boolean copy = !d.isSet(JobKey.REFERENCE) || d.isSet(JobKey.REFERENCE, ReferenceSource.COPY);
      if (d.isSet(key) && !copy) {
        throw d.given(key)
            .and(", but ", JobKey.REFERENCE, " is ", d.shown(JobKey.REFERENCE))
            .allowed(JobKey.REFERENCE, " copy")
            .refusal();
      }
    }
  }

  /** A text without a place gives no loss to go back from (strided.py compute_loss). */
  private void checkPlaces() {
    int length = d.whole(JobKey.SEQUENCE_LENGTH);
    Settings.Places places = ObjectiveRules.places(d);
    if (places.count(length) == 0) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .at(d.document().place(JobKey.SEQUENCE_LENGTH))
          .is(length)
          .but("leaves no place to generate at in ", JobKey.STAGE, " ", stage)
          .allowed(places.first() + places.tokens(), " or more")
          .refusal();
    }
  }

  private void checkLengths() {
    long answer = d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(0);
    long chosen = d.document().value(JobKey.CHOSEN_LENGTH, Integer.class).orElse((int) answer);
    long rejected = d.document().value(JobKey.REJECTED_LENGTH, Integer.class).orElse((int) answer);
    if (!d.isSet(JobKey.SEQUENCE_LENGTH)) {
      return;
    }
    int sequence = d.whole(JobKey.SEQUENCE_LENGTH);
    if (stage.generates() && answer >= sequence) {
      throw d.given(JobKey.SEQUENCE_LENGTH)
          .and(", but ", JobKey.COMPLETION_LENGTH, " ", answer, " leaves no token for a prompt")
          .allowed("more than that, or a shorter ", JobKey.COMPLETION_LENGTH)
          .refusal();
    }
    if (!d.isSet(JobKey.PROMPT_LENGTH)) {
      return;
    }
    long prompt = d.whole(JobKey.PROMPT_LENGTH);
    checkRoom(prompt, sequence);
    long longest = Math.max(chosen, rejected);
    if (longest > 0 && prompt + longest != sequence) {
      JobKey key =
          longest == answer
              ? JobKey.COMPLETION_LENGTH
              : chosen >= rejected ? JobKey.CHOSEN_LENGTH : JobKey.REJECTED_LENGTH;
      throw d.given(JobKey.SEQUENCE_LENGTH)
          .and(
              ", but ",
              JobKey.PROMPT_LENGTH,
              " ",
              prompt,
              " and ",
              key,
              " ",
              longest,
              " are ",
              prompt + longest)
          .allowed("their sum, or leave one of the three out")
          .refusal();
    }
  }

  /**
   * No engine takes a prompt that fills its length (vllm/v1/engine/processor.py, "longer than the
   * maximum model length"). Beside answers that are there a prompt's length is a limit, which then
   * cuts none ({@code max_prompt_length} of trl/trainer/dpo_trainer.py tokenize_row, until 0.28).
   */
  private void checkRoom(long prompt, int sequence) {
    if (!stage.hasAnswers() || stage.isSupervised() || prompt < sequence) {
      return;
    }
    if (GENERATING.contains(stage)) {
      throw d.given(JobKey.PROMPT_LENGTH)
          .and(", but ", JobKey.SEQUENCE_LENGTH, " ", sequence, " is of a prompt with its answer")
          .allowed("less than that, or a longer ", JobKey.SEQUENCE_LENGTH)
          .refusal();
    }
    d.warn(
        d.document()
            .about(JobKey.PROMPT_LENGTH, " ", prompt, " is no less than ")
            .and(JobKey.SEQUENCE_LENGTH, " ", sequence)
            .and(", so that prompts as long lose their answers; as a limit it cuts none, and is")
            .and(" left out"));
  }

  private void checkWeights() {
    if (!d.isSet(JobKey.LOSS_WEIGHTS)) {
      return;
    }
    int weights = d.list(JobKey.LOSS_WEIGHTS, Double.class).size();
    int types = d.isSet(JobKey.LOSS_TYPE) ? d.list(JobKey.LOSS_TYPE, String.class).size() : 1;
    if (weights != types) {
      throw InputError.about(JobKey.LOSS_WEIGHTS)
          .at(d.document().place(JobKey.LOSS_WEIGHTS))
          .and(
              " has ",
              weights,
              " numbers, but ",
              JobKey.LOSS_TYPE,
              " has ",
              types,
              types == 1 ? " name" : " names")
          .allowed("one for each")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** Fused losses are those of language models, and take the place of no classifier's. */
  private void checkClassifier() {
    boolean fused = d.isSet(JobKey.LOSS) && !d.isSet(JobKey.LOSS, LossKernel.FULL);
    if (CLASSIFYING.contains(stage) && fused) {
      throw d.given(JobKey.LOSS)
          .and(", but ", JobKey.STAGE, " is ", stage)
          .allowed("full")
          .refusal();
    }
  }
}
