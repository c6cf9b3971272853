package dev.vramcast.catalog.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process and its like can have of the machine's memory: all that Linux has, which under
 * WSL is that of its virtual machine, or what a control group leaves of it, as containers and
 * schedulers of clusters set it (kernel.org, admin-guide/cgroup-v2 {@code memory.max} and
 * cgroup-v1/memory {@code memory.limit_in_bytes}).
 *
 * @param bytes of memory; swap is not looked at
 * @param source the file that says so
 */
public record HostMemory(long bytes, String source) {

  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,15}) kB$");

  /** A line of {@code /proc/self/cgroup}: of version 2, or the memory's of version 1. */
  private static final Pattern GROUP =
      Pattern.compile("(?m)^(?:0:()|\\d+:(?:[^:\\n]*,)?(memory)(?:,[^:\\n]*)?):(/.*)$");

  private static final Pattern BYTES = Pattern.compile("\\d{1,18}");

  /** That of the machine that the program runs on; empty where it is not Linux. */
  public static Optional<HostMemory> ofThisMachine() {
    return below(Path.of("/"));
  }

  static Optional<HostMemory> below(Path root) {
    String total = text(root.resolve("proc/meminfo"));
    Matcher found = TOTAL.matcher(total);
    if (!found.find()) {
      return Optional.empty();
    }
    HostMemory all = new HostMemory(Long.parseLong(found.group(1)) << 10, "/proc/meminfo");
    HostMemory least = all;
    Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")));
    while (group.find()) {
      boolean old = group.group(2) != null;
      Path top = root.resolve("sys/fs/cgroup").resolve(old ? "memory" : "");
      String file = old ? "memory.limit_in_bytes" : "memory.max";
      least = least(least, root, top, group.group(3), file);
    }
    return Optional.of(least);
  }

  /** The least of a group and those around it; a container sees its own as the topmost. */
  private static HostMemory least(
      HostMemory before, Path root, Path top, String group, String file) {
    HostMemory least = before;
    Path folder = top.resolve(group.substring(1)).normalize();
    while (folder != null && folder.startsWith(top)) {
      Path limit = folder.resolve(file);
      String text = text(limit).strip();
      if (BYTES.matcher(text).matches() && Long.parseLong(text) < least.bytes) {
        least = new HostMemory(Long.parseLong(text), "/" + root.relativize(limit));
      }
      folder = folder.getParent();
    }
    return least;
  }

  /** Nothing where there is no such file, or it cannot be read. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
