package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which names of a program are those of the libraries that train: {@code from trl import SFTTrainer
 * as Base} calls one by another name, and a class of settings that the program declares itself may
 * have the name of one.
 */
public final class LibraryNames {

  private static final Pattern LIBRARY =
      Pattern.compile("(?:trl|transformers|peft|unsloth|sentence_transformers)(?:\\..*)?");

  /** Classes that readers look for, and that programs call classes of their own by. */
  private static final Pattern LOOKED_FOR =
      Pattern.compile(
          "(?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD|GOLD|PPO|BCO|PRM|OnlineDPO|XPO|NashMD"
              + "|Lora|BitsAndBytes)Config"
              + "|(?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD|GOLD|PPO|BCO|PRM|OnlineDPO|XPO"
              + "|NashMD|Unsloth|Seq2Seq)Trainer");

  /** What a library has that says how a program trains: all its classes, and what adapts. */
  private static final Pattern FOLLOWED =
      Pattern.compile("[A-Z]\\w*+|get_peft_model|prepare_model_for_\\w++");

  private static final Pattern CLASS =
      Pattern.compile(
          "(?m)^[ \\t]*+class[ \\t]++([A-Za-z_]\\w*+)[ \\t]*+(?:\\(([^()]{0,400})\\)[ \\t]*+)?:");

  /** A base of which nothing of a library is inherited. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:\\w++\\.)?(?:object|ABC|Protocol|BaseModel|BaseSettings|NamedTuple|TypedDict"
              + "|Generic\\[\\w++])|metaclass\\s*+=\\s*+\\w++(?:\\.\\w++)?");

  /** Behind a name that stands for a library's only where it is called. */
  private static final String CALLED = "(";

  /** A class of a class of so many is the program's own still. */
  private static final int MOST_BASES = 5;

  /** By the file, what its names stand for. */
  private final Map<String, Map<String, String>> names;

  private LibraryNames(Map<String, Map<String, String>> names) {
    this.names = names;
  }

  /**
   * Those of a program.
   *
   * @param rows its lines, and those of its modules
   */
  public static LibraryNames of(List<Node.Scalar> rows) {
    Map<String, StringBuilder> texts = new LinkedHashMap<>();
    for (Node.Scalar row : rows) {
      texts
          .computeIfAbsent(row.mark().source(), file -> new StringBuilder())
          .append(row.value())
          .append('\n');
    }
    Map<String, String> codes = new LinkedHashMap<>();
    texts.forEach((file, text) -> codes.put(file, ModuleParts.code(text.toString())));
    Set<String> declared = new HashSet<>();
    Set<String> own = own(codes.values(), declared);
    Map<String, Map<String, String>> names = new HashMap<>();
    codes.forEach((file, code) -> names.put(file, names(code, own, declared)));
    return new LibraryNames(names);
  }

  /**
   * What a name stands for; one that begins with {@code _} for a class of the program's own.
   *
   * @param file that it is written in; empty for the program's
   * @param called a bracket is opened behind it
   */
  public String of(String file, String name, boolean called) {
    Map<String, String> in = names.getOrDefault(file, Map.of());
    String found = in.getOrDefault(name, name);
    return called ? in.getOrDefault(name + CALLED, found) : found;
  }

  /**
   * Classes that inherit nothing which might be a library's.
   *
   * @param declared gets the names of all classes of the program
   */
  private static Set<String> own(Collection<String> codes, Set<String> declared) {
    Map<String, Set<String>> bases = new LinkedHashMap<>();
    for (String code : codes) {
      Matcher declares = CLASS.matcher(code);
      while (declares.find()) {
        String listed = declares.group(2) == null ? "" : declares.group(2);
        Stream.of(listed.split(","))
            .map(String::strip)
            .filter(base -> !base.isEmpty() && !PLAIN.matcher(base).matches())
            .forEach(bases.computeIfAbsent(declares.group(1), name -> new HashSet<>())::add);
        bases.computeIfAbsent(declares.group(1), name -> new HashSet<>());
      }
    }
    declared.addAll(bases.keySet());
    Set<String> plain = new HashSet<>();
    for (int depth = 0; depth < MOST_BASES; depth++) {
      bases.forEach((name, of) -> plain.addAll(plain.containsAll(of) ? Set.of(name) : Set.of()));
    }
    plain.removeIf(name -> !LOOKED_FOR.matcher(name).matches());
    return plain;
  }

  /** {@code config = config(rank=8)}: where it is not called, it is what it was given. */
  private static boolean isGiven(String name, String code) {
    return Pattern.compile("(?m)^[ \\t]*+" + name + "[ \\t]*+=(?!=)").matcher(code).find();
  }

  private static Map<String, String> names(String code, Set<String> own, Set<String> declared) {
    Map<String, String> found = new HashMap<>();
    Set<String> imported = new HashSet<>();
    for (Imports.Import one : Imports.of(code)) {
      boolean library = one.dots() == 0 && LIBRARY.matcher(one.module()).matches();
      boolean lookedFor = LOOKED_FOR.matcher(one.name()).matches();
      // Any other class of the program's own by that name is read as the library's, as it is.
      boolean followed =
          lookedFor || FOLLOWED.matcher(one.name()).matches() && !declared.contains(one.name());
      if (library && one.name().equals(one.as())) {
        imported.add(one.name());
      } else if (library && followed) {
        // Where an import may fail, the first is the one that is wanted.
        found.putIfAbsent(one.as() + (isGiven(one.as(), code) ? CALLED : ""), one.name());
      }
    }
    // A name beside the library's own under another is not the library's, whoever declares it.
    Set<String> others = new HashSet<>(found.values());
    others.removeIf(name -> !LOOKED_FOR.matcher(name).matches());
    others.addAll(own);
    others.removeAll(imported);
    others.forEach(name -> found.putIfAbsent(name, "_" + name));
    return found;
  }
}
