package dev.vramcast.linker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** What was linked does what Java does, which the examples are run by too. */
class ClassLinkerTest {

  private static final List<Class<?>> EXAMPLES =
      List.of(
          LambdaExamples.class,
          LambdaExamples.Adder.class,
          LambdaExamples.Greeter.class,
          RecordExamples.class,
          RecordExamples.Empty.class,
          RecordExamples.Mixed.class,
          RecordExamples.Pair.class);

  @Test
  void lambdas_and_references_do_as_before() throws Exception {
    assertThat(linked(LambdaExamples.class)).isEqualTo(new LambdaExamples().get()).hasSize(22);
  }

  @Test
  void records_are_equal_hashed_and_printed_as_before() throws Exception {
    assertThat(linked(RecordExamples.class)).isEqualTo(new RecordExamples().get());
  }

  @Test
  void nothing_is_left_to_be_linked_but_what_can_be_serialized() throws Exception {
    List<String> left = new ArrayList<>();
    link().values().forEach(files -> files.values().forEach(bytes -> left.addAll(calls(bytes))));

    assertThat(left).containsOnly("altMetafactory");
  }

  @Test
  void what_is_linked_already_stays() throws Exception {
    Map<String, byte[]> once = new LinkedHashMap<>();
    link().values().forEach(once::putAll);
    Map<String, byte[]> twice = new LinkedHashMap<>();
    ClassLinker.link(once).values().forEach(twice::putAll);

    assertThat(twice.keySet()).isEqualTo(once.keySet());
    once.forEach((name, bytes) -> assertThat(twice.get(name)).isEqualTo(bytes));
  }

  @Test
  void lines_of_our_own_code_are_kept_and_those_of_others_are_not() throws IOException {
    Map<String, byte[]> linked = new LinkedHashMap<>();
    ClassLinker.link(classes(List.of(Handle.class, LambdaExamples.class)))
        .values()
        .forEach(linked::putAll);

    assertThat(lines(classes(List.of(Handle.class)).values().iterator().next())).isPositive();
    assertThat(lines(linked.get(file(Handle.class)))).isZero();
    assertThat(lines(linked.get(file(LambdaExamples.class)))).isPositive();
  }

  @Test
  void no_local_variable_is_named() throws IOException {
    Map<String, byte[]> linked = new LinkedHashMap<>();
    ClassLinker.link(classes(EXAMPLES)).values().forEach(linked::putAll);

    assertThat(classes(EXAMPLES).values()).anyMatch(bytes -> variables(bytes) > 0);
    assertThat(linked.values()).allMatch(bytes -> variables(bytes) == 0);
  }

  @Test
  void a_jar_is_named() {
    assertThatThrownBy(() -> JarLinker.main(new String[0])).hasMessageContaining("one jar");
  }

  private static List<String> linked(Class<?> example) throws Exception {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    link().values().forEach(classes::putAll);
    ClassLoader loader =
        new ClassLoader(ClassLinkerTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = classes.get(name.replace('.', '/') + ".class");
            if (bytes == null) {
              return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defineClass(name, bytes, 0, bytes.length) : loaded;
          }
        };
    Object made = loader.loadClass(example.getName()).getDeclaredConstructor().newInstance();
    assertThat(made.getClass()).isNotEqualTo(example);
    return ((Supplier<?>) made).get() instanceof List<?> found
        ? found.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static Map<String, Map<String, byte[]>> link() throws IOException {
    return ClassLinker.link(classes(EXAMPLES));
  }

  private static Map<String, byte[]> classes(List<Class<?>> examples) throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (Class<?> example : examples) {
      try (InputStream in = example.getClassLoader().getResourceAsStream(file(example))) {
        classes.put(file(example), in.readAllBytes());
      }
    }
    return classes;
  }

  private static String file(Class<?> example) {
    return example.getName().replace('.', '/') + ".class";
  }

  private static int lines(byte[] bytes) {
    return tables(bytes)[0];
  }

  private static int variables(byte[] bytes) {
    return tables(bytes)[1];
  }

  /** How many lines and local variables its tables have. */
  private static int[] tables(byte[] bytes) {
    int[] tables = {0, 0};
    ClassVisitor visitor =
        new ClassVisitor(ClassLinker.API) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(ClassLinker.API) {
              @Override
              public void visitLineNumber(int line, Label start) {
                tables[0]++;
              }

              @Override
              public void visitLocalVariable(
                  String name, String type, String signature, Label start, Label end, int index) {
                tables[1]++;
              }
            };
          }
        };
    new ClassReader(bytes).accept(visitor, 0);
    return tables;
  }

  private static List<String> calls(byte[] bytes) {
    List<String> calls = new ArrayList<>();
    ClassVisitor visitor =
        new ClassVisitor(ClassLinker.API) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(ClassLinker.API) {
              @Override
              public void visitInvokeDynamicInsn(
                  String called, String type, Handle bootstrap, Object... arguments) {
                calls.add(bootstrap.getName());
              }
            };
          }
        };
    new ClassReader(bytes).accept(visitor, 0);
    return calls;
  }
}
