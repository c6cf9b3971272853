package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What programs ask a GPU that each of today answers alike. */
public final class AskedGpu {

  /** What a GPU that trains answers; {@code is_bfloat16_supported()} of Unsloth is its reader's. */
  private static final Set<String> GPU =
      Set.of("torch.cuda.is_available", "torch.cuda.is_bf16_supported", "is_bf16_supported");

  /** What asks whether a GPU is one of 2020 or newer, as all are that most people train on. */
  private static final Pattern CAPABILITY =
      Pattern.compile(
          "torch\\.cuda\\.get_device_capability\\((?:0|device)?\\)\\[0\\](>=8|>7|<8|<=7)");

  private AskedGpu() {}

  /** Whether a function of this name asks what each of them can. */
  public static boolean isAsked(String name) {
    return GPU.contains(name);
  }

  /** What a GPU of today answers; empty where it is not asked. */
  public static Optional<Boolean> ofGpu(List<Token> tokens) {
    String asked = Token.joined(tokens, "");
    Matcher capability = CAPABILITY.matcher(asked);
    return capability.matches()
        ? Optional.of(capability.group(1).startsWith(">"))
        : Optional.of(asked.endsWith("()") && GPU.contains(asked.substring(0, asked.length() - 2)))
            .filter(supported -> supported);
  }
}
