package dev.vramcast.formats.training.imports;

import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What names stand for in a program and its modules, as Python finds it: the last of what gives
 * them a meaning. A name that several blocks give a meaning is left open.
 */
final class OwnNames {

  static final int MOST_MODULES = 20;
  private static final int DEEPEST = 30;

  /**
   * Something of a module, or a module.
   *
   * @param name empty for the module itself
   */
  record Target(OwnModule module, String name) {

    boolean isModule() {
      return name.isEmpty();
    }
  }

  private record Asked(OwnModule module, String name) {}

  private final ModuleFiles beside;
  private final Function<String, Optional<TrainingFile>> lookup;
  private final Map<String, OwnModule> modules = new LinkedHashMap<>();
  private final Map<OwnModule, ModuleFiles> files = new HashMap<>();
  private final Map<Asked, Optional<Target>> known = new HashMap<>();
  private final Set<String> cut = new LinkedHashSet<>();
  private int depth;

  OwnNames(ModuleFiles beside, Function<String, Optional<TrainingFile>> lookup) {
    this.beside = beside;
    this.lookup = lookup;
  }

  /** Modules that are not read, or not to their end, since there is too much. */
  Set<String> cut() {
    return cut;
  }

  /** What a name stands for in a statement, with what is behind its dots. */
  Optional<Target> of(OwnModule module, Part part, String dotted) {
    int dot = dotted.lastIndexOf('.');
    if (dot < 0) {
      Import before = module.before(part, dotted);
      if (before != null) {
        return target(module, before);
      }
      Set<Import> inside = module.inside(part, dotted);
      return inside.isEmpty() ? of(module, dotted) : one(module, inside);
    }
    Set<Import> inside = module.inside(part, dotted);
    Optional<Target> whole =
        !inside.isEmpty()
            ? one(module, inside)
            : module.given(dotted) >= 0 ? of(module, dotted) : Optional.empty();
    return whole.or(
        () ->
            of(module, part, dotted.substring(0, dot))
                .filter(Target::isModule)
                .flatMap(of -> of(of.module(), dotted.substring(dot + 1))));
  }

  /** What a name stands for in a module. */
  Optional<Target> of(OwnModule module, String name) {
    Asked asked = new Asked(module, name);
    Optional<Target> before = known.get(asked);
    if (before != null) {
      return before;
    }
    known.put(asked, Optional.empty());
    if (depth > DEEPEST) {
      cut.add(module.name());
      return Optional.empty();
    }
    depth++;
    Optional<Target> found = found(module, name);
    depth--;
    known.put(asked, found);
    return found;
  }

  private Optional<Target> found(OwnModule module, String name) {
    int at = module.given(name);
    if (!name.startsWith("_")) {
      for (Import star : module.stars(at)) {
        Optional<Target> of = base(module, star).flatMap(base -> of(base, name));
        if (of.isPresent()) {
          return of;
        }
      }
    }
    if (at >= 0 && module.event(at).as().isEmpty()) {
      return Optional.of(new Target(module, name));
    }
    Set<Import> perhaps = module.perhaps(name);
    if (at < 0) {
      return perhaps.isEmpty() ? inBlock(module, name) : one(module, perhaps);
    }
    Optional<Target> last = target(module, module.event(at));
    return perhaps.isEmpty() ? last : last.filter(to -> one(module, perhaps).equals(last));
  }

  /** {@code from settings import *} in a block. */
  private Optional<Target> inBlock(OwnModule module, String name) {
    Optional<Target> found = Optional.empty();
    for (Import star : module.perhaps("*")) {
      Optional<Target> of = base(module, star).flatMap(base -> of(base, name));
      if (found.isPresent() && of.isPresent() && !of.equals(found)) {
        return Optional.empty();
      }
      found = found.or(() -> of);
    }
    return found;
  }

  /** What imports stand for that are not known to happen; empty where they differ. */
  private Optional<Target> one(OwnModule module, Set<Import> imports) {
    Set<Target> all = new LinkedHashSet<>();
    imports.forEach(each -> target(module, each).ifPresent(all::add));
    return all.size() == 1 ? Optional.of(all.iterator().next()) : Optional.empty();
  }

  private Optional<Target> target(OwnModule from, Import each) {
    if (!ModuleFiles.mayBeOwn(each.dots(), each.module())) {
      return Optional.empty();
    }
    if (each.name().isEmpty()) {
      return module(from, each.dots(), each.module()).map(of -> new Target(of, ""));
    }
    String below = each.module().isEmpty() ? each.name() : each.module() + '.' + each.name();
    return base(from, each)
        .flatMap(base -> of(base, each.name()))
        .or(() -> module(from, each.dots(), below).map(of -> new Target(of, "")));
  }

  private Optional<OwnModule> base(OwnModule from, Import each) {
    return ModuleFiles.mayBeOwn(each.dots(), each.module())
        ? module(from, each.dots(), each.module())
        : Optional.empty();
  }

  private Optional<OwnModule> module(OwnModule from, int dots, String name) {
    Optional<TrainingFile> own = name.isEmpty() ? Optional.empty() : files(from).find(dots, name);
    String whole = name.isEmpty() ? "__init__" : name + ".__init__";
    return own.or(() -> files(from).find(dots, whole))
        .filter(file -> file.form() == Form.PROGRAM)
        .map(this::module);
  }

  private @Nullable OwnModule module(TrainingFile file) {
    OwnModule there = modules.get(file.name());
    if (there == null && modules.size() >= MOST_MODULES) {
      cut.add(file.name());
      return null;
    }
    return Objects.requireNonNullElseGet(
        there,
        () -> {
          OwnModule read = new OwnModule(modules.size(), file);
          modules.put(file.name(), read);
          return read;
        });
  }

  private ModuleFiles files(OwnModule module) {
    if (module.number() < 0) {
      return beside;
    }
    return files.computeIfAbsent(
        module,
        key -> {
          Optional<Path> path = ModuleFiles.path(key.name());
          return path.map(at -> beside.around(at, lookup)).orElse(beside);
        });
  }
}
