package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The path that a program writes where it loads its settings. */
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

  private SettingsPath() {}

  /** The only one of them; empty where there are none or several. */
  public static Optional<Node> in(List<Call> calls) {
    List<Node> paths =
        calls.stream()
            .filter(call -> LOADS.matcher(call.name()).matches() && reads(call))
            .flatMap(call -> Optional.ofNullable(call.arguments().get("0")).stream())
            .filter(path -> FILE.matcher(String.valueOf(path.value())).matches())
            .<Node>map(path -> new Node.Scalar(path.value(), path.mark()))
            .toList();
    return paths.stream().map(Node::value).distinct().count() == 1
        ? Optional.of(paths.get(0))
        : Optional.empty();
  }

  private static boolean reads(Call call) {
    Node mode = call.arguments().getOrDefault("mode", call.arguments().get("1"));
    return !call.name().equals("open")
        || mode == null
        || String.valueOf(mode.value()).startsWith("r");
  }
}
