package dev.vramcast.formats.training.imports;

import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.python.module.UsedNames;
import dev.vramcast.formats.training.imports.FollowedModules.Taken;
import dev.vramcast.formats.training.imports.OwnNames.Target;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names of a program's modules in one program with it: what another file means something else by
 * gets a name of its own, so that no file gets the value of another's.
 */
final class JoinedNames {

  private final OwnNames names;
  private final OwnModule program;
  private final Map<String, Set<Target>> taken = new HashMap<>();
  private final Set<Target> clashing = new HashSet<>();
  private final Map<Target, String> own = new HashMap<>();
  private final Set<String> words = new HashSet<>();
  private final Set<String> ofProgram = new HashSet<>();

  JoinedNames(OwnNames names, OwnModule program, List<Taken> parts) {
    this.names = names;
    this.program = program;
    for (Taken each : parts) {
      String name = each.part().name();
      taken.computeIfAbsent(name, key -> new HashSet<>()).add(new Target(each.module(), name));
    }
    for (Part part : program.parts()) {
      compare(program, part);
      ofProgram.addAll(program.used(part).words());
    }
    parts.forEach(each -> compare(each.module(), each.part()));
  }

  /** Finds names of other modules that a statement means something else by. */
  private void compare(OwnModule module, Part part) {
    for (String word : module.used(part).words()) {
      words.add(word);
      for (Target target : taken.getOrDefault(word, Set.of())) {
        boolean same = names.of(module, part, word).filter(target::equals).isPresent();
        if (target.module() != module && !same) {
          clashing.add(target);
        }
      }
    }
  }

  /** The lines of a statement with the names that are read. */
  List<Node.Scalar> lines(OwnModule module, Part part) {
    UsedNames used = module.used(part);
    Map<String, String> renamed = new LinkedHashMap<>();
    for (String dotted : used.dotted()) {
      String name = name(module, part, dotted);
      if (!name.equals(dotted)) {
        renamed.put(dotted, name);
      }
    }
    if (renamed.isEmpty()) {
      return part.lines();
    }
    String[] texts = used.with(renamed).split("\n", -1);
    List<Node.Scalar> all = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      all.add(new Node.Scalar(texts[i], part.lines().get(i).mark()));
    }
    return all;
  }

  private String name(OwnModule module, Part part, String dotted) {
    Optional<Target> target = names.of(module, part, dotted);
    Optional<Target> there = target.filter(this::isTaken);
    if (there.isPresent()) {
      return clashing.contains(there.get()) ? ownName(there.get()) : there.get().name();
    }
    boolean another = module != program && !dotted.contains(".");
    return another && isOfAnother(module, part, dotted)
        ? ownName(new Target(module, dotted))
        : dotted;
  }

  /** Whether a name that is not followed is one that another file gives a meaning. */
  private boolean isOfAnother(OwnModule module, Part part, String name) {
    int at = module.given(name);
    Set<Import> imports = new HashSet<>(module.inside(part, name));
    imports.addAll(module.perhaps(name));
    boolean mine = at >= 0 && module.event(at).as().isEmpty();
    if (at >= 0 && !mine) {
      imports.add(module.event(at));
    }
    if (!mine && imports.isEmpty()) {
      return program.names(name);
    }
    boolean installed =
        imports.stream().anyMatch(each -> !ModuleFiles.mayBeOwn(each.dots(), each.module()));
    return !installed && (ofProgram.contains(name) || taken.containsKey(name));
  }

  private boolean isTaken(Target target) {
    return taken.getOrDefault(target.name(), Set.of()).contains(target);
  }

  private String ownName(Target target) {
    return own.computeIfAbsent(
        target,
        key -> {
          String file = key.module().name().replaceAll(".*[/\\\\]|\\.py$", "");
          String name = key.name() + "_of_" + file.replaceAll("\\W", "_");
          int number = 2;
          String free = name;
          while (!words.add(free)) {
            free = name + '_' + number++;
          }
          return free;
        });
  }
}
