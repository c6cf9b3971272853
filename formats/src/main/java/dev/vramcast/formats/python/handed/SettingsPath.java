package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The path that a program writes where it loads its settings, in the call or as the default of the
 * function that loads them.
 */
public final class SettingsPath {

  /**
   * {@code load_config("config.yaml")}, {@code Settings.from_yaml(path)}, and opening a file for a
   * loader of YAML.
   */
  private static final Pattern LOADS =
      Pattern.compile(
          "(?:\\w{1,99}\\.){0,3}+(?:(?:load|read|parse)_\\w*(?:config|cfg|ya?ml|settings)\\w*"
              + "|from_(?:ya?ml|file|path)\\w*)|OmegaConf\\.load|open");

  private static final Pattern FILE = Pattern.compile("[\\w./-]{1,200}\\.ya?ml");

  /** One of data may be opened too. */
  private static final Pattern JSON = Pattern.compile("[\\w./-]{1,200}\\.(?:json|toml)");

  /** What functions call the path of their settings. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(?:\\w+_)?(?:config|cfg|conf|settings|ya?ml)_?(?:path|file|name)?|path");

  /** Which functions load settings; what makes an object may too. */
  private static final Pattern LOADER =
      Pattern.compile(
          "(?i)_?(?:load|read|parse|get)_?\\w*(?:config|cfg|ya?ml|conf|settings|params)\\w*");

  /** {@code ROOT / "config.yaml"}, of which the folder is looked for around the program. */
  private static final Pattern BELOW = Pattern.compile("\\$\\{[\\w.]{1,99}\\}/(.*)");

  private SettingsPath() {}

  /**
   * The only one of them; empty where there are none or several.
   *
   * @param calls of the program
   * @param lines of its source
   * @param constants by their names
   */
  public static Optional<Node> in(
      List<Call> calls, List<Node.Scalar> lines, Map<String, Node> constants) {
    return only(calls.stream().filter(SettingsPath::reads).flatMap(SettingsPath::first))
        .or(() -> only(defaults(ModuleLines.text(lines), constants)));
  }

  /** The file that a path names; empty for any other value. */
  public static Optional<Node> file(Node path) {
    Matcher below = BELOW.matcher(String.valueOf(path.value()));
    String name = below.matches() ? below.group(1) : String.valueOf(path.value());
    return FILE.matcher(name).matches() || JSON.matcher(name).matches()
        ? Optional.of(new Node.Scalar(name, path.mark()))
        : Optional.empty();
  }

  private static Optional<Node> only(Stream<Node> written) {
    List<Node> paths = written.toList();
    return paths.stream().map(Node::value).distinct().count() == 1
        ? Optional.of(paths.get(0))
        : Optional.empty();
  }

  private static Stream<Node> first(Call call) {
    return Optional.ofNullable(call.arguments().get("0")).stream()
        .filter(path -> !call.name().equals("open") || isYaml(path))
        .flatMap(path -> file(path).stream());
  }

  private static boolean isYaml(Node path) {
    return FILE.matcher(String.valueOf(path.value())).matches();
  }

  /** Of functions that load settings, {@code def load_config(path="config.yaml")}. */
  private static Stream<Node> defaults(String text, Map<String, Node> constants) {
    Stream<FunctionHead> loading =
        FunctionHead.in(text).entrySet().stream()
            .filter(head -> LOADER.matcher(head.getKey()).matches())
            .map(Map.Entry::getValue);
    return Stream.concat(loading, FunctionHead.makers(text).values().stream())
        .flatMap(head -> head.parameters().keySet().stream().map(name -> written(head, name)))
        .flatMap(Optional::stream)
        .flatMap(path -> Optional.ofNullable(constants.getOrDefault(path, text(path))).stream())
        .flatMap(path -> file(path).stream());
  }

  private static Node text(String path) {
    return new Node.Scalar(path, Mark.of(1));
  }

  private static Optional<String> written(FunctionHead head, String parameter) {
    return PARAMETER.matcher(parameter).matches()
        ? head.otherwise(parameter)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .or(() -> Optional.of(head.written(parameter)))
        : Optional.empty();
  }

  private static boolean reads(Call call) {
    Node mode = call.arguments().getOrDefault("mode", call.arguments().get("1"));
    return LOADS.matcher(call.name()).matches()
        && (!call.name().equals("open")
            || mode == null
            || String.valueOf(mode.value()).startsWith("r"));
  }
}
