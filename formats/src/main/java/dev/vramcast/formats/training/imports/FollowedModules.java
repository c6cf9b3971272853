package dev.vramcast.formats.training.imports;

import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts.Kind;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.training.imports.OwnNames.Target;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a program uses of modules of its own that lie beside it: functions, classes and constants
 * which have to do with the job are read in front of it, as if they stood there. Nothing is run.
 */
public final class FollowedModules {

  private static final int MOST_LINES = 20_000;
  private static final int DEEPEST = 30;

  /** What makes a job, or says something of one. */
  private static final Pattern JOB =
      Pattern.compile(
          "from_pretrained|get_peft_model|\\w*(?:Trainer|Config|Arguments)\\b|add_argument"
              + "|ArgumentParser|load_in_[48]bit|gradient_checkpointing|requires_grad"
              + "|prepare_model_for|safe_load|OmegaConf|Adam|Adafactor|@dataclass|max_length"
              + "|batch_size|lora|bf16|fp16|snapshot_download");

  /** Functions and classes that do something before or after the training. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "_*(?i:eval|infer|generat|predict|test_|merge|export|chat|serve|plot|save|push|judge"
              + "|benchmark|compare|quantize_|convert|upload).*|\\w*(?:Callback|Logger|Dataset"
              + "|Collator|Error|Evaluator|Judge|Sampler)");

  /**
   * A class of a model's own code: what it makes of its parts, as an encoder that adapters are put
   * on before it is trained, is no part of the job.
   */
  private static final Pattern ARCHITECTURE =
      Pattern.compile(
          "(?m)^class[ \\t]+\\w+\\([^()]{0,400}?(?:PreTrainedModel"
              + "|For(?:CausalLM|ConditionalGeneration))\\b");

  /** A statement of a module that is read. */
  record Taken(OwnModule module, Part part) {}

  private final OwnNames names;
  private final OwnModule program;
  private final IdentityHashMap<Part, Boolean> seen = new IdentityHashMap<>();
  private final List<Taken> taken = new ArrayList<>();
  private final Set<String> cut = new LinkedHashSet<>();
  private int lines;

  private FollowedModules(OwnNames names, OwnModule program) {
    this.names = names;
    this.program = program;
  }

  /**
   * A program with what it uses of its modules; itself where none is there.
   *
   * @param above as {@link ImportedConstants#of}
   */
  public static TrainingFile in(
      TrainingFile program, int above, Function<String, Optional<TrainingFile>> lookup) {
    List<Node.Scalar> all = lines(program, above, lookup);
    return all.isEmpty() ? program : program.linked(all);
  }

  /** The lines of both; none where there is nothing to follow. */
  static List<Node.Scalar> lines(
      TrainingFile program, int above, Function<String, Optional<TrainingFile>> lookup) {
    OwnModule whole = new OwnModule(-1, program);
    boolean own =
        whole.parts().stream()
            .flatMap(part -> Imports.of(part.code()).stream())
            .anyMatch(each -> ModuleFiles.mayBeOwn(each.dots(), each.module()));
    if (!own) {
      return List.of();
    }
    return ModuleFiles.path(program.name())
        .map(path -> new OwnNames(new ModuleFiles(path, above, lookup), lookup))
        .map(names -> new FollowedModules(names, whole).with(program))
        .orElse(List.of());
  }

  private List<Node.Scalar> with(TrainingFile file) {
    for (Part part : program.parts()) {
      for (String dotted : program.used(part).dotted()) {
        take(program, part, dotted, 0);
      }
    }
    cut.addAll(names.cut());
    if (taken.isEmpty() && cut.isEmpty()) {
      return List.of();
    }
    JoinedNames joined = new JoinedNames(names, program, taken);
    List<Node.Scalar> all = new ArrayList<>(CutModules.lines(file.name(), cut));
    for (Taken each : taken) {
      for (Node.Scalar line : joined.lines(each.module(), each.part())) {
        String text = String.valueOf(line.value());
        all.add(ModuleLines.of(each.module().number(), each.module().name(), line, text));
      }
    }
    program.parts().forEach(part -> all.addAll(joined.lines(program, part)));
    return all;
  }

  /**
   * Takes what a name stands for, and what it is made of.
   *
   * @return whether it has to do with the job
   */
  private boolean take(OwnModule user, Part using, String dotted, int depth) {
    Optional<Target> target =
        names
            .of(user, using, dotted)
            .filter(to -> !to.isModule() && to.module() != program)
            .filter(to -> to.module() != user || !to.name().equals(using.name()));
    return target.isPresent() && !isBeside(target.get(), user, dotted) && take(target.get(), depth);
  }

  /** Functions by their names, unless they make what is trained. */
  private static boolean isBeside(Target target, OwnModule user, String dotted) {
    return BESIDE.matcher(target.name()).matches()
        && !(user.trains(dotted)
            && target.module().parts(target.name()).stream()
                .anyMatch(part -> JOB.matcher(part.code()).find()));
  }

  private boolean take(Target target, int depth) {
    if (depth > DEEPEST) {
      cut.add(target.module().name());
      return false;
    }
    boolean any = false;
    for (Part part : target.module().parts(target.name())) {
      if (target.module().isKept(part)) {
        any |= take(target.module(), part, depth);
      }
    }
    return any;
  }

  private boolean take(OwnModule module, Part part, int depth) {
    Boolean before = seen.get(part);
    if (before != null) {
      return before;
    }
    seen.put(part, false);
    if (isArchitecture(part)) {
      return false;
    }
    boolean any = part.kind() != Kind.DEFINES || JOB.matcher(part.code()).find();
    for (String dotted : module.used(part).dotted()) {
      any |= take(module, part, dotted, depth + 1);
    }
    if (any && lines + part.lines().size() > MOST_LINES) {
      cut.add(module.name());
      any = false;
    }
    if (any) {
      lines += part.lines().size();
      taken.add(new Taken(module, part));
    }
    seen.put(part, any);
    return any;
  }

  private static boolean isArchitecture(Part part) {
    return part.kind() == Kind.DEFINES
        && ARCHITECTURE.matcher(part.code()).find()
        && !part.code().contains("from_pretrained(");
  }
}
