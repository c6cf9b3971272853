package dev.vramcast.core.job.code;

import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.units.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a framework's code does at a version, beside the defaults of its settings: decided once,
 * where its rules stand, so that nothing that writes a step has to know who runs it.
 */
public final class FrameworkCode {

  /** Whose modeling code runs. */
  public static final CodeKey<Models> MODELS = new CodeKey<>("models", Models.TRANSFORMERS);

  /** Types of the models it has, by the names it registers; empty where nothing limits them. */
  public static final CodeKey<List<String>> REGISTERED =
      new CodeKey<>("models.registered", List.of());

  /** The supervised stages that it has a trainer of. */
  public static final CodeKey<Set<Stage>> SUPERVISED =
      new CodeKey<>("stages.supervised", Stage.those(Stage::isSupervised));

  /** What its trainers do that are not supervised. */
  public static final CodeKey<StageCode> STAGES = new CodeKey<>("stages", StageCode.UNKNOWN);

  /** By the indices of their keys; null where no rule states one. */
  private final @Nullable Object[] values;

  private final List<CodeFact> facts;

  private FrameworkCode(@Nullable Object[] values, List<CodeFact> facts) {
    this.values = values;
    this.facts = facts;
  }

  /** The code of which so much is stated. */
  static FrameworkCode of(Map<CodeKey<?>, CodeFact> stated) {
    int length = 0;
    for (CodeKey<?> key : stated.keySet()) {
      length = Math.max(length, key.index() + 1);
    }
    @Nullable Object[] values = new Object[length];
    stated.forEach((key, fact) -> values[key.index()] = fact.value());
    return new FrameworkCode(values, List.copyOf(stated.values()));
  }

  /** What the code does about this. */
  @SuppressWarnings("unchecked")
  public <T> T get(CodeKey<T> key) {
    int index = key.index();
    Object value = index < values.length ? values[index] : null;
    return value == null ? key.absent() : (T) value;
  }

  /** Whether the code does this. */
  public boolean is(CodeKey<Boolean> key) {
    return get(key);
  }

  /** Those that the framework's rules state, each with its place. */
  public List<CodeFact> facts() {
    return facts;
  }

  /** Whether the framework trains models of its own. */
  public boolean hasOwnModels() {
    return get(MODELS) == Models.OWN;
  }

  /** What the framework's trainers do at stages other than supervised ones. */
  public StageCode stages() {
    return get(STAGES);
  }

  /** Whether it has a trainer of a supervised stage. */
  public boolean supervises(Stage stage) {
    return get(SUPERVISED).contains(stage);
  }

  /** Whether ranks that share a sequence do so by PyTorch's context parallelism. */
  public boolean sharesByTorch(SequenceScheme scheme) {
    return scheme != SequenceScheme.ULYSSES && get(AttentionCode.RING) == AttentionCode.Ring.TORCH;
  }

  /** How inputs and weights of linears are rounded, with adapters or without. */
  public LayerCode.FakeQuantiser fakeQuantiser(boolean adapted) {
    return get(adapted ? LayerCode.ADAPTED_QUANTISER : LayerCode.FAKE_QUANTISER);
  }

  /** A loss without whole logits that the framework can be told to take. */
  public Optional<LossKernel> lossWithoutLogits() {
    return Optional.of(get(LossCode.FUSED)).filter(loss -> loss != LossKernel.FULL);
  }

  /**
   * Whether a model's own loss stays, with all logits, where others get a loss that takes hidden
   * states: the framework finds nothing in the text of its forward pass to put that in for.
   */
  public boolean keepsOwnLoss(LossTraits model, Version transformers) {
    return is(LossCode.REWRITES) && model.unusual().contains(transformers);
  }

  /** The same code in a loop that holds a model's outputs until it gets new ones. */
  public FrameworkCode keepingOutputs() {
    return with(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP);
  }

  /** The same code on the rank that loads the model. */
  public FrameworkCode ofFirstRank() {
    return with(SpreadCode.EMPTIES_QUANTISED, false);
  }

  /** The same code with the trainer of a job's losses. */
  public FrameworkCode ofLosses(List<String> types) {
    return with(STAGES, stages().ofLosses(types));
  }

  /** The same code around a model whose config is told whether it caches keys and values. */
  public FrameworkCode caching(boolean uses) {
    return with(LoopCode.LEAVES_CACHE, uses).with(EvaluationCode.KEEPS_CACHE, uses);
  }

  private <T> FrameworkCode with(CodeKey<T> key, T value) {
    @Nullable Object[] changed = Arrays.copyOf(values, Math.max(values.length, key.index() + 1));
    changed[key.index()] = value;
    return new FrameworkCode(changed, facts);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FrameworkCode code
        && Arrays.equals(values, code.values)
        && facts.equals(code.facts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Whose modeling code a framework trains. */
  public enum Models {
    /** That of the transformers library. */
    TRANSFORMERS,
    /** Its own. */
    OWN
  }
}
