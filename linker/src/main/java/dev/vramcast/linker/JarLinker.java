package dev.vramcast.linker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Links all classes of a jar, in its place. */
public final class JarLinker {

  /** Where a jar keeps classes for newer versions of Java, which are left as they are. */
  private static final String VERSIONS = "META-INF/versions/";

  private static final String CLASS = ".class";

  private JarLinker() {}

  /**
   * Links.
   *
   * @param args the jar
   * @throws IOException where it cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("asks for one jar, not " + List.of(args));
    }
    link(Path.of(args[0]));
  }

  /** Links the classes of a jar, whose other entries stay, in their order and with their times. */
  static void link(Path jar) throws IOException {
    Path made = jar.resolveSibling(jar.getFileName() + ".linked");
    try (ZipFile file = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(made))) {
      Map<String, byte[]> classes = new LinkedHashMap<>();
      List<? extends ZipEntry> entries = List.copyOf(Collections.list(file.entries()));
      for (ZipEntry entry : entries) {
        if (isLinked(entry.getName())) {
          classes.put(entry.getName(), bytes(file, entry));
        }
      }
      Map<String, Map<String, byte[]>> linked = ClassLinker.link(classes);
      for (ZipEntry entry : entries) {
        Map<String, byte[]> written =
            linked.getOrDefault(entry.getName(), Map.of(entry.getName(), bytes(file, entry)));
        for (Map.Entry<String, byte[]> each : written.entrySet()) {
          ZipEntry copy = new ZipEntry(each.getKey());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          out.write(each.getValue());
          out.closeEntry();
        }
      }
    }
    Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean isLinked(String name) {
    return name.endsWith(CLASS) && !name.startsWith(VERSIONS);
  }

  private static byte[] bytes(ZipFile file, ZipEntry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = file.getInputStream(entry)) {
      in.transferTo(bytes);
    }
    return bytes.toByteArray();
  }
}
