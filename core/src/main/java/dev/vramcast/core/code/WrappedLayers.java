package dev.vramcast.core.code;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The classes of layers that accelerate's FSDP makes units of: those that the job names, else those
 * of the model's {@code _no_split_modules} (accelerate/utils/dataclasses.py set_auto_wrap_policy,
 * fsdp_utils.py fsdp2_prepare_auto_wrap_policy). Each has to be that of a module, or the job stops.
 * Of a job that says neither it is taken that somebody named the decoder's where the list is of no
 * use, as of a run that is known to have run.
 *
 * @param named by the job; empty where it names none
 * @param listed the job says that the model's list is looked up
 * @param version of Transformers
 * @param lookedUp accelerate's FSDP divides the model, whose code is that of Transformers
 * @param walked PEFT's policy, which looks for lists among all parts of the model
 *     (peft/utils/other.py _get_no_split_modules)
 */
public record WrappedLayers(
    List<String> named, boolean listed, Version version, boolean lookedUp, boolean walked) {

  public WrappedLayers {
    named = lookedUp ? List.copyOf(named) : List.of();
  }

  public static WrappedLayers of(ResolvedJob job) {
    return under(job.parallelism().strategy(), job);
  }

  /** Whether a strategy would find no layers of a model to divide, whatever divides the job now. */
  public static boolean stops(Strategy strategy, Architecture model, ResolvedJob job) {
    WrappedLayers layers = under(strategy, job);
    return layers.unfound(model).isPresent() || layers.gathersAll(model);
  }

  private static WrappedLayers under(Strategy strategy, ResolvedJob job) {
    List<String> classes = job.parallelism().layerClasses();
    boolean listed = classes.equals(Parallelism.LISTED_LAYERS);
    return new WrappedLayers(
        listed ? List.of() : classes,
        listed,
        job.framework().transformers(),
        strategy.isFsdp()
            && job.frameworkCode().is(LoopCode.PREPARED_BY_ACCELERATE)
            && !job.frameworkCode().hasOwnModels(),
        strategy == Strategy.FSDP1
            && job.adapter().isPresent()
            && job.frameworkCode().is(SpreadCode.ADAPTER_UNITS));
  }

  /** What a file has to name: what the job does, or the decoder's where the list is of no use. */
  public List<String> told(Architecture model) {
    return unfound(model).isPresent() || gathersAll(model)
        ? List.of(model.modelingFile().layerClass())
        : named;
  }

  /** The first class of the model's own list that none of its modules has, where that is used. */
  public Optional<String> unfound(Architecture model) {
    return lookedUp && named.isEmpty() ? model.traits().unfound(version) : Optional.empty();
  }

  /**
   * Whether the list that is used names none of the model's layers, so that all of them are
   * gathered at once with what the root holds.
   */
  public boolean gathersAll(Architecture model) {
    return lookedUp
        && named.isEmpty()
        && !walked
        && model.traits().source().unlisted().contains(version);
  }

  /** Whether the layers of a tower that runs are units. */
  public boolean hasLayersOf(VisionStack tower) {
    return named.isEmpty() || named.contains(tower.modelingFile().layerClass());
  }

  /**
   * The ends of the paths of a tower's units: of those that are named, else of those on the list.
   */
  public List<String> unitsOf(Tower tower) {
    if (named.isEmpty()) {
      return tower.units().in(version);
    }
    return tower.encoder().map(Encoder::stack).filter(this::hasLayersOf).stream()
        .map(stack -> stack.layers().path())
        .map(path -> path.substring(path.lastIndexOf('.') + 1) + ".*")
        .toList();
  }

  /**
   * Whether no module of a model is of a class: one that is called as decoder layers are, but not
   * as the model's own classes, where nothing else is in the model. A model's own file on the Hub
   * may hold any class.
   */
  public static boolean isAbsent(String name, Architecture model) {
    ModelingFile file = model.modelingFile();
    boolean others =
        name.endsWith("DecoderLayer")
            && !name.startsWith(file.prefix().replaceFirst("Text$", ""))
            && file.path().startsWith("transformers/");
    return others && model.towers().isEmpty()
        || model.traits().source().unfound().stream().anyMatch(each -> each.layer().equals(name));
  }

  /** Classes of a model's layers: the decoder's, then those of towers whose code is known. */
  public static List<String> known(Architecture model) {
    List<String> known = new ArrayList<>(List.of(model.modelingFile().layerClass()));
    model.towers().stream()
        .flatMap(tower -> tower.encoder().stream())
        .map(encoder -> encoder.stack().modelingFile().layerClass())
        .forEach(known::add);
    return List.copyOf(known);
  }
}
