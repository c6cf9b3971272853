package dev.vramcast.core.architecture.traits;

import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;

/**
 * What a model's modeling code does, beside its shapes. What a family does not state is as in
 * transformers models/llama/modeling_llama.py, save what libraries replace of it: nothing.
 */
public record ModelTraits(
    AttentionTraits attention,
    RotaryTraits rotary,
    ExpertTraits experts,
    LossTraits loss,
    StackTraits stack,
    AdapterTraits adapters,
    LigerTraits liger,
    Source source) {

  /**
   * Where the code is.
   *
   * @param described the releases whose code of the model this is; others are not modelled
   * @param released the releases of Transformers that have the model
   * @param heads the releases that have the model with a head over classes
   * @param renamings of modules whose paths are not the checkpoint's, what is inside of others
   *     first
   * @param unfound classes that {@code _no_split_modules} names and the model has no module of
   * @param unlisted the releases whose {@code _no_split_modules} names no class of its layers
   * @param causal what {@code AutoModelForCausalLM} loads of a model with encoders
   */
  public record Source(
      ClassNames classes,
      Versions described,
      Versions released,
      ClassHeads heads,
      List<Renaming> renamings,
      List<Unfound> unfound,
      Versions unlisted,
      CausalClass causal) {

    public Source {
      renamings = List.copyOf(renamings);
      unfound = List.copyOf(unfound);
    }

    /** That of a model which all releases have, and whose list of layers is right. */
    Source(ClassNames classes, Versions described, ClassHeads heads, List<Renaming> renamings) {
      this(
          classes,
          described,
          Versions.ALL,
          heads,
          renamings,
          List.of(),
          Versions.NONE,
          CausalClass.NONE);
    }

    Source releasedIn(Versions releases) {
      return new Source(classes, described, releases, heads, renamings, unfound, unlisted, causal);
    }

    Source with(ClassHeads value) {
      return new Source(classes, described, released, value, renamings, unfound, unlisted, causal);
    }

    Source without(List<Unfound> values) {
      return new Source(classes, described, released, heads, renamings, values, unlisted, causal);
    }

    Source unlisted(Versions releases) {
      return new Source(classes, described, released, heads, renamings, unfound, releases, causal);
    }

    Source in(CausalClass value) {
      return new Source(classes, described, released, heads, renamings, unfound, unlisted, value);
    }

    Source elsewhere() {
      return new Source(
          classes,
          Versions.ALL,
          Versions.ALL,
          ClassHeads.ALL,
          List.of(),
          List.of(),
          Versions.NONE,
          causal);
    }
  }

  /**
   * What {@code AutoModelForCausalLM} loads of a model with encoders
   * (transformers/models/auto/modeling_auto.py MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, 4.57 and 5.24 as
   * read).
   */
  public enum CausalClass {
    /** Nothing: it has no class for the type. */
    NONE,
    /** The whole model. */
    WHOLE,
    /** Its language model, which is handed the {@code text_config} (auto_factory.py). */
    TEXT
  }

  /**
   * A class that {@code _no_split_modules} of a model names, which has no module of it, in these
   * releases of Transformers. accelerate looks each name up (utils/dataclasses.py
   * set_auto_wrap_policy).
   */
  public record Unfound(Versions releases, String layer) {}

  /**
   * What the classes of a model's code are called: words for people, which decide nothing.
   *
   * @param prefix with which they begin, e.g. {@code GPTNeoX}; empty where it is {@code model_type}
   *     in capitals, as {@code Qwen2Moe} is
   * @param layer the rest of the layer's class
   * @param mixture the rest of the class of a mixture of experts
   * @param remote the code is downloaded with the model ({@code trust_remote_code})
   */
  public record ClassNames(String prefix, String layer, String mixture, boolean remote) {}

  /**
   * The releases that have a class of the model with a head over classes, read off Transformers
   * 4.46 to 5.24 (models/auto/modeling_auto.py, MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES and
   * MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES). Types that are described by code on the Hub are
   * left open: what that has is the checkpoint's to say.
   *
   * @param sequences {@code AutoModelForSequenceClassification} knows it
   * @param tokens {@code AutoModelForTokenClassification} knows it
   */
  public record ClassHeads(Versions sequences, Versions tokens) {

    /** Every release has both, or code that is downloaded with the model may have them. */
    static final ClassHeads ALL = new ClassHeads(Versions.ALL, Versions.ALL);

    /** Those with a class for tokens, or for sequences. */
    public Versions of(boolean classifiesTokens) {
      return classifiesTokens ? tokens : sequences;
    }
  }

  /** Those of Llama, untouched by libraries. */
  public static final ModelTraits LLAMA = builder().build();

  /** A model that is written as Llama, save what is set. */
  public static ModelTraitsBuilder builder() {
    return new ModelTraitsBuilder();
  }

  /** The same code, which these releases have. */
  public ModelTraits releasedIn(Versions releases) {
    return new ModelTraits(
        attention, rotary, experts, loss, stack, adapters, liger, source.releasedIn(releases));
  }

  /** The same code, of which Liger replaces this. */
  public ModelTraits reachedBy(LigerTraits value) {
    return with(loss, value);
  }

  /** The same code, which these releases have with a head over classes. */
  public ModelTraits with(ClassHeads heads) {
    return new ModelTraits(
        attention, rotary, experts, loss, stack, adapters, liger, source.with(heads));
  }

  /** The same code with another way from head to loss. */
  public ModelTraits with(LossTraits value) {
    return with(value, liger);
  }

  /**
   * The same code as a part of a model. Libraries go by the type of the whole, which says what they
   * replace of it and which classes they have of it.
   */
  public ModelTraits asPart() {
    return with(loss.unusual(Versions.NONE).causal(false), LigerTraits.NONE)
        .with(ClassHeads.ALL)
        .without(List.of())
        .unlisted(Versions.NONE);
  }

  /** The same code, whose list of layers names these, of which the model has none. */
  public ModelTraits without(List<Unfound> layers) {
    return new ModelTraits(
        attention, rotary, experts, loss, stack, adapters, liger, source.without(layers));
  }

  /** The same code, whose list of layers names none of them in these releases. */
  public ModelTraits unlisted(Versions releases) {
    return new ModelTraits(
        attention, rotary, experts, loss, stack, adapters, liger, source.unlisted(releases));
  }

  /** The same code, of which {@code AutoModelForCausalLM} loads this. */
  public ModelTraits in(CausalClass causal) {
    return new ModelTraits(
        attention, rotary, experts, loss, stack, adapters, liger, source.in(causal));
  }

  /** The first class that a release's list names and the model has no module of. */
  public Optional<String> unfound(Version version) {
    return source.unfound().stream()
        .filter(each -> each.releases().contains(version))
        .map(Unfound::layer)
        .findFirst();
  }

  /** The same code below a model whose own config does not say whether it caches. */
  public ModelTraits cachesBelow(Versions versions) {
    return with(stack.cachesBelow(versions), adapters);
  }

  /** The same code, which caches nothing in a pass that trains. */
  public ModelTraits uncachedInTraining(Versions versions) {
    return with(stack.uncachedInTraining(versions), adapters);
  }

  /** The same code of a model whose config says {@code use_cache: false}. */
  public ModelTraits withoutCache() {
    return with(stack.withoutCache(), adapters);
  }

  /** The same code below a model whose experts' targets PEFT does not move. */
  public ModelTraits leavingTargets() {
    return with(stack, adapters.leavingTargets());
  }

  /** What a release calls a module that has this path in the checkpoint. */
  public String named(String path, Version version) {
    return source.renamings().stream()
        .filter(each -> each.versions().contains(version))
        .map(each -> each.renamed(path))
        .filter(renamed -> !renamed.equals(path))
        .findFirst()
        .orElse(path);
  }

  /** The traits as far as they are the model's in code that is not Transformers'. */
  public ModelTraits elsewhere() {
    return new ModelTraits(
        attention.elsewhere(),
        rotary,
        experts,
        loss,
        stack.elsewhere(),
        adapters,
        liger,
        source.elsewhere());
  }

  private ModelTraits with(StackTraits stack, AdapterTraits adapters) {
    return new ModelTraits(attention, rotary, experts, loss, stack, adapters, liger, source);
  }

  private ModelTraits with(LossTraits loss, LigerTraits liger) {
    return new ModelTraits(attention, rotary, experts, loss, stack, adapters, liger, source);
  }
}
