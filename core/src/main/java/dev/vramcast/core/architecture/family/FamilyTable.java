package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tower.Units;
import dev.vramcast.core.architecture.family.build.Family;
import dev.vramcast.core.architecture.traits.ModelTraits.CausalClass;
import dev.vramcast.core.architecture.traits.ModelTraits.Unfound;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The family of each {@code model_type}. Each type stands once in the two tables, beside what reads
 * it; the reader's method is linked only when its type is asked for, since a map would link all of
 * them at start.
 */
abstract sealed class FamilyTable permits TextTable, EncoderTable {

  private final String wanted;
  private final Consumer<String> passed;
  private Optional<Family> family = Optional.empty();

  FamilyTable(String wanted, Consumer<String> passed) {
    this.wanted = wanted;
    this.passed = passed;
  }

  /**
   * The family of one type, empty where none has it.
   *
   * @param passed told of every other type on the way
   */
  static Optional<Family> find(String wanted, Consumer<String> passed) {
    return new TextTable(wanted, passed)
        .family()
        .or(() -> new EncoderTable(wanted, passed).family());
  }

  /** Looks the type up, and remembers its family. */
  abstract boolean lists();

  final Optional<Family> family() {
    return lists() ? family : Optional.empty();
  }

  final boolean is(String... types) {
    for (String type : types) {
      if (type.equals(wanted)) {
        return true;
      }
      passed.accept(type);
    }
    return false;
  }

  final boolean by(Family found) {
    family = Optional.of(found);
    return true;
  }

  /** As above, with the releases of Transformers that have the type. */
  final boolean by(Family found, Versions releases) {
    return by(config -> found.read(config).releasedIn(releases));
  }

  /** As above, with the ends of paths of towers' modules that stay whole on a device. */
  final boolean by(Family found, List<String> unsplit) {
    return by(units(unsplit, COLLECTED, found));
  }

  final boolean by(Family found, List<String> unsplit, Versions releases) {
    return by(units(unsplit, COLLECTED, found), releases);
  }

  /**
   * A model whose own list has always named these modules of towers, by the ends of their paths.
   */
  static Family listing(List<String> unsplit, Family found) {
    return units(unsplit, READ, found);
  }

  private static Family units(List<String> unsplit, Versions releases, Family found) {
    Units units = new Units(unsplit, releases);
    return config -> found.read(config).inUnits(units);
  }

  /**
   * The releases in which a model's {@code _no_split_modules} holds those of its parts
   * (transformers/modeling_utils.py post_init); before, what the class of the whole lists.
   */
  static final Versions COLLECTED = Versions.since(5, 1);

  /** Those before Transformers 5. */
  static final Versions UNTIL_5 = Versions.until(5, 0);

  /** Of these as many as were read: 4.45, 4.48, 4.51 to 4.53, and 4.55 to 4.57. */
  static final Versions LISTED = UNTIL_5.andSince(4, 45);

  /** All that were read. */
  static final Versions READ = Versions.since(4, 45);

  /** Those whose lists of LLaVA and its kin name the attention of a vision model. */
  private static final Versions NAMED = Versions.until(4, 52).andSince(4, 45);

  /** Those after them, whose lists name Llama's layers or none. */
  private static final Versions RENAMED = UNTIL_5.andSince(4, 52);

  private static final String LLAMA = "LlamaDecoderLayer";

  /** Towers by the types of their configurations. */
  static final String SIGLIP = "siglip_vision_model";

  static final String SIGLIP2 = "siglip2_vision_model";
  static final String CLIP = "clip_vision_model";

  /**
   * A model without modules of a class that its list of layers names, which lookups of 4.57.6 and
   * 5.24 by accelerate's code in models that were made did not find. Lists of older releases were
   * held against those of 4.57.
   */
  static Family without(String layer, Versions releases, Family found) {
    return config -> without(layer, releases, found.read(config));
  }

  private static Architecture without(String layer, Versions releases, Architecture model) {
    List<Unfound> all = new ArrayList<>(model.traits().source().unfound());
    all.add(new Unfound(releases, layer));
    return model.without(all);
  }

  /**
   * A model whose list of layers names none of them in these releases (looked up in 4.57.6 and 5.24
   * as above).
   */
  static Family unlisted(Versions releases, Family found) {
    return config -> found.read(config).unlisted(releases);
  }

  /** The same in releases before a list held those of parts. */
  static Family unlisted(Family found) {
    return unlisted(LISTED, found);
  }

  /** A model with encoders of which {@code AutoModelForCausalLM} loads this. */
  static Family causal(CausalClass loaded, Family found) {
    return config -> found.read(config).with(traits -> traits.in(loaded));
  }

  /**
   * A language model that caches nothing in a pass which trains, whatever its config says, in these
   * releases ({@code not self.training} in its forward pass).
   */
  static Family uncached(Versions releases, Family found) {
    return config -> found.read(config).with(traits -> traits.uncachedInTraining(releases));
  }

  /** A model whose list named a class that is in no file, and none since Transformers 4.52. */
  static Family named(String absent, Family found) {
    return without(absent, NAMED, unlisted(RENAMED, found));
  }

  /** The same, whose list names Llama's layers since then, whatever its language model is. */
  static Family onLlama(String absent, Family found) {
    return config -> {
      Architecture model = without(absent, NAMED, found.read(config));
      return model.modelingFile().layerClass().equals(LLAMA)
          ? model
          : without(LLAMA, RENAMED, model);
    };
  }

  /** The same of a model whose config has nothing under this key. */
  static Family withoutPart(String key, String layer, Family found) {
    return config ->
        config.nested(key).isPresent()
            ? found.read(config)
            : without(layer, COLLECTED, found).read(config);
  }

  /**
   * A model around a vision model of SigLIP or CLIP, whose lists name the embeddings of the text
   * model beside it.
   *
   * @param usual its type where the config does not say
   */
  static Family around(String usual, Family found) {
    return config -> {
      String type =
          config.nested("vision_config").map(each -> each.text("model_type", usual)).orElse(usual);
      return switch (type) {
        case SIGLIP -> without("SiglipTextEmbeddings", COLLECTED, found).read(config);
        case SIGLIP2 -> without("Siglip2TextEmbeddings", COLLECTED, found).read(config);
        case CLIP -> without("CLIPTextEmbeddings", COLLECTED, found).read(config);
        default -> found.read(config);
      };
    };
  }

  /**
   * The releases from 5.{@code minor} on: the first that lists the type among the configurations of
   * transformers/models/auto, read in those from 4.57 to 5.24. Types without a bound are older, are
   * parts of others, ran before by code of their own on the Hub, or are in no release.
   */
  static Versions since(int minor) {
    return Versions.since(5, minor);
  }
}
