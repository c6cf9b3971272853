package dev.vramcast.input.counted;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;

/** Loads the program, and the libraries that parse for it, once more, with something counted. */
public abstract class CountedClasses extends ClassLoader {

  private static final List<String> COUNTED =
      List.of("dev.vramcast.", "tools.jackson.", "org.snakeyaml.");

  protected CountedClasses(ClassLoader parent) {
    super(parent);
  }

  /** Whether a class of theirs counts, and so is the one that is there already. */
  protected abstract boolean counts(String name);

  /** What puts counts into a class. */
  protected abstract ClassVisitor into(ClassWriter writer, String name);

  @Override
  protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (counts(name) || COUNTED.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : counted(name);
    }
  }

  private Class<?> counted(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassReader reader = new ClassReader(in);
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(into(writer, name), 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
