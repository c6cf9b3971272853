package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern CLASS =
      Pattern.compile(
          "(?m)^[ \\t]*+class[ \\t]++([A-Za-z_]\\w*+)[ \\t]*+(?:\\(([^()]{0,400})\\)[ \\t]*+)?:");

  /** Bases of which nothing of a library is inherited. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "\\s*(?:(?:\\w+\\.)?(?:object|ABC|Protocol|BaseModel|BaseSettings|NamedTuple|TypedDict"
              + "|Generic\\[\\w+])\\s*,?\\s*)*");

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
    Set<String> own = new HashSet<>();
    codes.values().forEach(code -> own.addAll(own(code)));
    Map<String, Map<String, String>> names = new HashMap<>();
    codes.forEach((file, code) -> names.put(file, names(code, own)));
    return new LibraryNames(names);
  }

  /**
   * What a name stands for; one that begins with {@code _} for a class of the program's own.
   *
   * @param file that it is written in; empty for the program's
   */
  public String of(String file, String name) {
    return Optional.ofNullable(names.get(file)).map(in -> in.get(name)).orElse(name);
  }

  /** Classes without a base that might be a library's. */
  private static Set<String> own(String code) {
    Set<String> found = new HashSet<>();
    Matcher declared = CLASS.matcher(code);
    while (declared.find()) {
      String bases = declared.group(2) == null ? "" : declared.group(2);
      if (LOOKED_FOR.matcher(declared.group(1)).matches() && PLAIN.matcher(bases).matches()) {
        found.add(declared.group(1));
      }
    }
    return found;
  }

  private static Map<String, String> names(String code, Set<String> own) {
    Map<String, String> found = new HashMap<>();
    Set<String> imported = new HashSet<>();
    for (Imports.Import one : Imports.of(code)) {
      boolean library = one.dots() == 0 && LIBRARY.matcher(one.module()).matches();
      if (library && one.name().equals(one.as())) {
        imported.add(one.name());
      } else if (library && LOOKED_FOR.matcher(one.name()).matches()) {
        found.put(one.as(), one.name());
      }
    }
    // A name beside the library's own under another is not the library's, whoever declares it.
    Set<String> others = new HashSet<>(found.values());
    others.addAll(own);
    others.removeAll(imported);
    others.forEach(name -> found.putIfAbsent(name, "_" + name));
    return found;
  }
}
