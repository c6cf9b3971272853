package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.python.Told;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.python.module.ModuleParts.Kind;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a program uses of modules of its own that lie beside it: functions, classes and constants
 * which have to do with the job are read in front of it, as if they stood there. Nothing is run.
 */
final class FollowedModules {

  private static final int MOST_MODULES = 20;
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

  /** A module with its statements. */
  private record Module(
      int number, String file, List<Part> parts, Set<String> settled, List<Import> imports) {

    boolean names(String name) {
      return parts.stream()
          .anyMatch(
              part ->
                  part.name().equals(name)
                      && (part.kind() == Kind.DEFINES || part.kind() == Kind.GIVES));
    }
  }

  private final ModuleFiles beside;
  private final Function<String, Optional<TrainingFile>> lookup;
  private final Map<String, Optional<Module>> modules = new LinkedHashMap<>();
  private final IdentityHashMap<Part, Boolean> seen = new IdentityHashMap<>();
  private final List<Node.Scalar> lines = new ArrayList<>();

  /** By the names that are taken who has them; the program has those of its own. */
  private final Map<String, String> owners = new HashMap<>();

  private FollowedModules(ModuleFiles beside, Function<String, Optional<TrainingFile>> lookup) {
    this.beside = beside;
    this.lookup = lookup;
  }

  /**
   * A program with what it uses of its modules; itself where none is there.
   *
   * @param above as {@link ImportedConstants#of}
   */
  static TrainingFile in(
      TrainingFile program, int above, Function<String, Optional<TrainingFile>> lookup) {
    return ModuleFiles.path(program.name())
        .map(path -> new FollowedModules(new ModuleFiles(path, above, lookup), lookup))
        .map(followed -> followed.with(program))
        .orElse(program);
  }

  private TrainingFile with(TrainingFile program) {
    String text =
        program.lines().stream()
            .map(line -> String.valueOf(line.value()))
            .collect(Collectors.joining("\n"));
    String code = ModuleParts.code(text);
    List<Import> imports = Imports.of(code);
    if (imports.stream().noneMatch(each -> ModuleFiles.mayBeOwn(each.dots(), each.module()))) {
      return program;
    }
    ModuleParts.names(ModuleParts.of(program.lines())).forEach(name -> owners.put(name, ""));
    Set<String> words = ModuleParts.words(code);
    Map<String, String> renamed = new LinkedHashMap<>();
    for (Import each : imports) {
      follow(each, beside, code, words, renamed, 0);
    }
    if (lines.isEmpty()) {
      return program;
    }
    List<Node.Scalar> all = new ArrayList<>(lines);
    program
        .lines()
        .forEach(
            line ->
                all.add(
                    new Node.Scalar(renamed(String.valueOf(line.value()), renamed), line.mark())));
    return program.linked(all);
  }

  /**
   * Takes what an import stands for into the lines.
   *
   * @param words the names that are used
   * @param renamed what stands for names of modules in the source, by how it is written there
   * @return whether it has to do with the job
   */
  private boolean follow(
      Import each,
      ModuleFiles from,
      String code,
      Set<String> words,
      Map<String, String> renamed,
      int depth) {
    if (!ModuleFiles.mayBeOwn(each.dots(), each.module()) || depth > DEEPEST) {
      return false;
    }
    if (!each.name().isEmpty() && !each.module().isEmpty()) {
      Optional<Module> module =
          module(from, each.dots(), each.module())
              .or(() -> module(from, each.dots(), each.module() + ".__init__"));
      if (module.isPresent()) {
        return taken(each, module.get(), words, renamed, depth)
            || submodule(each, from, code, renamed, depth);
      }
    }
    return submodule(each, from, code, renamed, depth);
  }

  private boolean taken(
      Import each, Module module, Set<String> words, Map<String, String> renamed, int depth) {
    if (each.name().equals("*")) {
      boolean any = false;
      for (String name : ModuleParts.names(module.parts())) {
        any |= words.contains(name) && take(module, name, depth + 1);
      }
      return any;
    }
    if (!words.contains(each.as())) {
      return false;
    }
    boolean taken = take(module, each.name(), depth + 1);
    if (taken && !each.as().equals(each.name())) {
      renamed.put("(?<![\\w.])" + Pattern.quote(each.as()) + "\\b", each.name());
    }
    return taken;
  }

  /**
   * {@code import utils.model as m}, {@code from utils import model}: what is used behind a dot.
   */
  private boolean submodule(
      Import each, ModuleFiles from, String code, Map<String, String> renamed, int depth) {
    String name =
        each.name().isEmpty()
            ? each.module()
            : each.module().isEmpty() ? each.name() : each.module() + '.' + each.name();
    if (name.isEmpty() || name.endsWith("*")) {
      return false;
    }
    Optional<Module> module =
        module(from, each.dots(), name).or(() -> module(from, each.dots(), name + ".__init__"));
    if (module.isEmpty()) {
      return false;
    }
    boolean any = false;
    String before = "(?<![\\w.])" + Pattern.quote(each.as()) + "\\.";
    Matcher used = Pattern.compile(before + "(\\w+)").matcher(code);
    Set<String> names = new HashSet<>();
    while (used.find()) {
      names.add(used.group(1));
    }
    for (String use : names) {
      if (module.get().names(use) && take(module.get(), use, depth + 1)) {
        renamed.put(before + Pattern.quote(use) + "\\b", use);
        any = true;
      }
    }
    return any;
  }

  private Optional<Module> module(ModuleFiles from, int dots, String name) {
    Optional<TrainingFile> found = from.find(dots, name).filter(f -> f.form() == Form.PROGRAM);
    if (found.isEmpty() || modules.size() >= MOST_MODULES) {
      return found.isEmpty() ? Optional.empty() : modules.getOrDefault(name(found.get()), none());
    }
    TrainingFile file = found.get();
    return modules.computeIfAbsent(file.name(), key -> Optional.of(module(file)));
  }

  private static Optional<Module> none() {
    return Optional.empty();
  }

  private static String name(TrainingFile file) {
    return file.name();
  }

  private Module module(TrainingFile file) {
    List<Part> parts = ModuleParts.of(file.lines());
    String code = parts.stream().map(Part::code).collect(Collectors.joining());
    Set<String> settled = PythonCalls.program(file.lines(), Told.NOTHING).settled();
    return new Module(modules.size(), file.name(), parts, settled, Imports.of(code));
  }

  /** Takes a name of a module, and what it is made of; says whether it has to do with the job. */
  private boolean take(Module module, String name, int depth) {
    String owner = owners.getOrDefault(name, module.file());
    if (!owner.equals(module.file()) || BESIDE.matcher(name).matches()) {
      return false;
    }
    if (!module.names(name)) {
      return reexported(module, name, depth);
    }
    boolean any = false;
    for (Part part : module.parts()) {
      if (part.name().equals(name) && isKept(module, part)) {
        any |= take(module, part, depth);
      }
    }
    return any;
  }

  private boolean reexported(Module module, String name, int depth) {
    boolean any = false;
    for (Import each : module.imports()) {
      if (each.as().equals(name) || each.name().equals("*")) {
        Map<String, String> renamed = new HashMap<>();
        any |= follow(each, files(module), name, Set.of(name), renamed, depth + 1);
      }
    }
    return any;
  }

  /** Values that a module changes later are not known; calls stay what they are. */
  private static boolean isKept(Module module, Part part) {
    return switch (part.kind()) {
      case DEFINES -> true;
      case GIVES -> module.settled().contains(part.name()) || part.code().contains("(");
      case CHANGES -> part.code().contains("add_argument") || part.code().contains("set_defaults");
      case OTHER -> false;
    };
  }

  private boolean take(Module module, Part part, int depth) {
    Boolean before = seen.get(part);
    if (before != null) {
      return before;
    }
    seen.put(part, false);
    owners.put(part.name(), module.file());
    Map<String, String> renamed = new LinkedHashMap<>();
    boolean any = part.kind() != Kind.DEFINES || JOB.matcher(part.code()).find();
    for (String word : part.words()) {
      if (!word.equals(part.name()) && module.names(word) && depth < DEEPEST) {
        any |= take(module, word, depth + 1) && part.kind() == Kind.DEFINES;
      }
    }
    for (Import each : imports(module, part)) {
      any |= follow(each, files(module), part.code(), part.words(), renamed, depth + 1);
    }
    seen.put(part, any);
    if (any && lines.size() + part.lines().size() <= MOST_LINES) {
      part.lines()
          .forEach(
              line ->
                  lines.add(
                      ModuleLines.of(
                          module.number(),
                          module.file(),
                          line,
                          renamed(String.valueOf(line.value()), renamed))));
    }
    return any;
  }

  /** Those of its own, and those of the module whose names stand in it. */
  private static List<Import> imports(Module module, Part part) {
    List<Import> all = new ArrayList<>(Imports.of(part.code()));
    module.imports().stream()
        .filter(
            each ->
                each.name().equals("*") || part.words().contains(each.as().replaceAll("\\..*", "")))
        .filter(each -> !all.contains(each))
        .forEach(all::add);
    return all;
  }

  private ModuleFiles files(Module module) {
    Optional<Path> path = ModuleFiles.path(module.file());
    return path.map(at -> beside.around(at, lookup)).orElse(beside);
  }

  private static String renamed(String line, Map<String, String> names) {
    String text = line;
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replaceAll(name.getKey(), Matcher.quoteReplacement(name.getValue()));
    }
    return text;
  }
}
