package dev.slipway.testing;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The texts that the sources can give to a parameter: each call is followed back, through
/// parameters, fields and methods, to the literals at its beginning.
public final class SourceMessages {
  /// What stands for a value that only a run knows.
  public static final String VALUE = "…";

  /// Its messages are followed by themselves, not from where they are told.
  private static final String FAILURE = "dev.slipway.failure.SlipwayException";

  private static final Pattern SPECIFIER = Pattern.compile("%[-0-9.]*[a-zA-Z]");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}{2}");

  private final Trees trees;
  private final Map<Element, TreePath> methods = new HashMap<>();
  private final Map<Element, TreePath> classes = new HashMap<>();
  private final Map<Element, List<Call>> calls = new HashMap<>();
  private final Map<Element, List<TreePath>> assigned = new HashMap<>();
  private final Map<String, TypeElement> types = new HashMap<>();
  private final Map<TypeElement, List<TreePath>> superMessages = new HashMap<>();

  private record Call(List<TreePath> arguments, String place) {}

  /// @param text with [#VALUE] in place of what only a run knows
  /// @param places the classes in which it is written
  /// @param hints what is given to the parameter behind it, if that is named `hint`
  public record Message(String text, Set<String> places, Set<String> hints) {}

  private SourceMessages(Trees trees) {
    this.trees = trees;
  }

  /// Reads and attributes all sources beneath a folder.
  public static SourceMessages read(Path sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(diagnostics, null, StandardCharsets.UTF_8);
        Stream<Path> tree = Files.walk(sources)) {
      List<Path> files = tree.filter(file -> file.toString().endsWith(".java")).toList();
      var task =
          (JavacTask)
              compiler.getTask(
                  Writer.nullWriter(),
                  manager,
                  diagnostics,
                  List.of(
                      "-proc:none",
                      "-classpath",
                      String.valueOf(System.getProperty("java.class.path"))),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      var units = task.parse();
      task.analyze();
      for (Diagnostic<?> diagnostic : diagnostics.getDiagnostics()) {
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
          throw new IllegalStateException(diagnostic.toString());
        }
      }
      var messages = new SourceMessages(Trees.instance(task));
      messages.new Index().scan(units, null);
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is given to a parameter of the constructors of a class, or of its method of that name.
  ///
  /// @param name of a method; `<init>` for the constructors
  public List<Message> givenTo(String type, String name, String parameter) {
    TypeElement owner = types.get(type);
    if (owner == null) {
      throw new IllegalArgumentException("no class " + type);
    }
    var tracing = new Tracing();
    Set<String> texts = new TreeSet<>();
    for (Element member : owner.getEnclosedElements()) {
      if (member instanceof ExecutableElement executable
          && executable.getSimpleName().contentEquals(name)) {
        int index = index(executable.getParameters(), parameter);
        if (index >= 0) {
          texts.addAll(tracing.callers(executable, index));
        }
      }
    }
    return texts.stream().map(tracing::message).toList();
  }

  /// All literals of the classes of a package.
  public List<String> literals(String ofPackage) {
    List<String> found = new ArrayList<>();
    var scanner =
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
          @Override
          public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void none) {
            if (tree.getValue() instanceof String text) {
              found.add(text);
            }
            return null;
          }
        };
    classes.forEach(
        (type, path) -> {
          if (String.valueOf(type.getEnclosingElement()).equals(ofPackage)) {
            scanner.scan(path, null);
          }
        });
    return found;
  }

  private static int index(List<? extends Element> elements, String name) {
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).getSimpleName().contentEquals(name)) {
        return i;
      }
    }
    return -1;
  }

  /// Who calls what with which arguments, and what is assigned to which variable.
  private final class Index extends TreePathScanner<@Nullable Void, @Nullable Void> {
    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void none) {
      if (trees.getElement(getCurrentPath()) instanceof TypeElement type) {
        types.put(type.getQualifiedName().toString(), type);
        classes.put(type, getCurrentPath());
      }
      return super.visitClass(tree, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void none) {
      methods.put(trees.getElement(getCurrentPath()), getCurrentPath());
      return super.visitMethod(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void none) {
      if (tree.getInitializer() != null) {
        assign(trees.getElement(getCurrentPath()), tree.getInitializer());
      }
      return super.visitVariable(tree, null);
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void none) {
      assign(trees.getElement(below(getCurrentPath(), tree.getVariable())), tree.getExpression());
      return super.visitAssignment(tree, null);
    }

    private void assign(Element variable, ExpressionTree value) {
      if (variable != null) {
        assigned
            .computeIfAbsent(variable, v -> new ArrayList<>())
            .add(below(getCurrentPath(), value));
      }
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void none) {
      Element called = trees.getElement(below(getCurrentPath(), tree.getMethodSelect()));
      call(called, tree.getArguments());
      if (tree.getMethodSelect().toString().equals("super") && !tree.getArguments().isEmpty()) {
        superMessages
            .computeIfAbsent(enclosingType(getCurrentPath()), t -> new ArrayList<>())
            .add(below(getCurrentPath(), tree.getArguments().getFirst()));
      }
      return super.visitMethodInvocation(tree, null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void none) {
      call(trees.getElement(getCurrentPath()), tree.getArguments());
      return super.visitNewClass(tree, null);
    }

    private void call(Element called, List<? extends ExpressionTree> arguments) {
      if (called != null) {
        List<TreePath> given = new ArrayList<>();
        arguments.forEach(argument -> given.add(below(getCurrentPath(), argument)));
        calls
            .computeIfAbsent(called, c -> new ArrayList<>())
            .add(new Call(given, enclosingType(getCurrentPath()).getQualifiedName().toString()));
      }
    }
  }

  private static TreePath below(TreePath path, Tree tree) {
    return new TreePath(path, tree);
  }

  private TypeElement enclosingType(TreePath path) {
    for (TreePath at = path; at != null; at = at.getParentPath()) {
      if (trees.getElement(at) instanceof TypeElement type && at.getLeaf() instanceof ClassTree) {
        return type;
      }
    }
    throw new IllegalStateException(path.getLeaf().toString());
  }

  /// One search.
  private final class Tracing {
    private final Map<String, Set<String>> places = new HashMap<>();
    private final Map<String, Set<String>> hints = new HashMap<>();
    private final Set<Element> following = new HashSet<>();

    /// What calls deeper than the one that is looked at have given.
    private Set<String> deeper = new HashSet<>();

    Message message(String text) {
      return new Message(
          text, places.getOrDefault(text, Set.of()), hints.getOrDefault(text, Set.of()));
    }

    Set<String> callers(ExecutableElement executable, int index) {
      Element parameter = executable.getParameters().get(index);
      Set<String> texts = new LinkedHashSet<>();
      if (!following.add(parameter)) {
        return texts;
      }
      Set<String> outer = deeper;
      for (Call call : calls.getOrDefault(executable, List.of())) {
        deeper = new HashSet<>();
        Set<String> given = resolve(call.arguments().get(index));
        for (String text : given) {
          if (!deeper.contains(text)) {
            places.computeIfAbsent(text, t -> new TreeSet<>()).add(call.place());
            if (isHinted(executable, index)) {
              hints
                  .computeIfAbsent(text, t -> new TreeSet<>())
                  .addAll(new Tracing().resolve(call.arguments().get(index + 1)));
            }
          }
        }
        texts.addAll(given);
      }
      deeper = outer;
      deeper.addAll(texts);
      following.remove(parameter);
      return texts;
    }

    private static boolean isHinted(ExecutableElement executable, int index) {
      List<? extends VariableElement> parameters = executable.getParameters();
      return index + 1 < parameters.size()
          && parameters.get(index + 1).getSimpleName().contentEquals("hint");
    }

    /// All texts that an expression may be.
    Set<String> resolve(TreePath path) {
      return switch (path.getLeaf()) {
        case LiteralTree literal -> Set.of(String.valueOf(literal.getValue()));
        case ParenthesizedTree tree -> resolve(below(path, tree.getExpression()));
        case ConditionalExpressionTree tree -> {
          Set<String> both = new LinkedHashSet<>(resolve(below(path, tree.getTrueExpression())));
          both.addAll(resolve(below(path, tree.getFalseExpression())));
          yield both;
        }
        case SwitchExpressionTree tree -> cases(tree, path);
        case BinaryTree tree when tree.getKind() == Tree.Kind.PLUS ->
            product(
                beginning(below(path, tree.getLeftOperand())),
                part(below(path, tree.getRightOperand())));
        case MethodInvocationTree tree -> invocation(tree, path);
        default -> variable(path);
      };
    }

    /// The first part of a text. A parameter is followed: others end its message.
    private Set<String> beginning(TreePath path) {
      return trees.getElement(path) instanceof VariableElement ? variable(path) : part(path);
    }

    /// A part of a text: what is not written on the spot is a value.
    private Set<String> part(TreePath path) {
      return switch (path.getLeaf()) {
        case LiteralTree _, ParenthesizedTree _, BinaryTree _ -> resolve(path);
        case ConditionalExpressionTree tree -> {
          Set<String> both = new LinkedHashSet<>(part(below(path, tree.getTrueExpression())));
          both.addAll(part(below(path, tree.getFalseExpression())));
          yield both;
        }
        case MethodInvocationTree tree
            when isNamed(tree, "formatted") || isNamed(tree, "message") ->
            resolve(path);
        default ->
            trees.getElement(path) instanceof VariableElement variable
                    && variable.getConstantValue() instanceof String text
                ? Set.of(text)
                : Set.of(VALUE);
      };
    }

    private Set<String> product(Set<String> left, Set<String> right) {
      Set<String> all = new LinkedHashSet<>();
      for (String one : left) {
        for (String other : right) {
          String made = (one + other).replace(VALUE + VALUE, VALUE);
          carry(one, made);
          carry(other, made);
          all.add(made);
        }
      }
      return all;
    }

    /// What is known of a text is so of the one that is made of it.
    private void carry(String text, String made) {
      if (text.equals(made) || !LETTERS.matcher(text).find() || !deeper.contains(text)) {
        return;
      }
      deeper.add(made);
      places
          .computeIfAbsent(made, t -> new TreeSet<>())
          .addAll(places.getOrDefault(text, Set.of()));
      hints.computeIfAbsent(made, t -> new TreeSet<>()).addAll(hints.getOrDefault(text, Set.of()));
    }

    private Set<String> cases(SwitchExpressionTree tree, TreePath path) {
      Set<String> all = new LinkedHashSet<>();
      for (CaseTree one : tree.getCases()) {
        TreePath at = below(path, one);
        if (one.getBody() instanceof ExpressionTree body) {
          all.addAll(resolve(below(at, body)));
        } else if (one.getBody() instanceof ExpressionStatementTree body) {
          all.addAll(resolve(below(below(at, body), body.getExpression())));
        } else if (one.getBody() != null) {
          all.addAll(ends(below(at, one.getBody())));
        }
      }
      return all;
    }

    /// What the `return` and `yield` statements give.
    private Set<String> ends(TreePath path) {
      Set<String> all = new LinkedHashSet<>();
      new TreePathScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void none) {
          all.addAll(resolve(below(getCurrentPath(), tree.getExpression())));
          return null;
        }

        @Override
        public @Nullable Void visitYield(YieldTree tree, @Nullable Void none) {
          all.addAll(resolve(below(getCurrentPath(), tree.getValue())));
          return null;
        }

        @Override
        public @Nullable Void visitLambdaExpression(
            LambdaExpressionTree tree, @Nullable Void none) {
          return null;
        }
      }.scan(path, null);
      return all;
    }

    private Set<String> invocation(MethodInvocationTree tree, TreePath path) {
      TreePath select = below(path, tree.getMethodSelect());
      if (tree.getMethodSelect() instanceof MemberSelectTree member) {
        TreePath receiver = below(select, member.getExpression());
        if (isNamed(tree, "formatted")) {
          return formatted(resolve(receiver), tree, path);
        }
        if (isNamed(tree, "replace")) {
          return replaced(resolve(receiver));
        }
        if (isNamed(tree, "valueOf") && member.getExpression().toString().equals("String")) {
          return resolve(below(path, tree.getArguments().getFirst()));
        }
      }
      Element called = trees.getElement(select);
      if (isNamed(tree, "getMessage")
          && tree.getMethodSelect() instanceof MemberSelectTree member) {
        return ofException(trees.getElement(below(select, member.getExpression())));
      }
      if (isNamed(tree, "getMessage")) {
        return superMessage(enclosingType(path));
      }
      return called instanceof ExecutableElement method ? returned(method) : Set.of(VALUE);
    }

    private static boolean isNamed(MethodInvocationTree tree, String name) {
      return tree.getMethodSelect() instanceof MemberSelectTree member
          ? member.getIdentifier().contentEquals(name)
          : tree.getMethodSelect().toString().equals(name);
    }

    private Set<String> ofException(Element variable) {
      TypeElement type = variable == null ? null : types.get(variable.asType().toString());
      return type == null ? Set.of(VALUE) : superMessage(type);
    }

    private Set<String> superMessage(TypeElement type) {
      Set<String> all = new LinkedHashSet<>();
      for (TreePath given : superMessages.getOrDefault(type, List.of())) {
        all.addAll(resolve(given));
      }
      return all.isEmpty() ? Set.of(VALUE) : all;
    }

    private Set<String> replaced(Set<String> texts) {
      Set<String> all = new LinkedHashSet<>();
      for (String text : texts) {
        String made = SPECIFIER.matcher(text).replaceAll(VALUE);
        carry(text, made);
        all.add(made);
      }
      return all;
    }

    /// A text of values alone tells nothing: its parameters are followed.
    private Set<String> formatted(Set<String> texts, MethodInvocationTree tree, TreePath path) {
      Set<String> all = new LinkedHashSet<>();
      for (String text : texts) {
        Set<String> found = Set.of(text.replace("%%", "\0"));
        for (ExpressionTree argument : tree.getArguments()) {
          TreePath given = below(path, argument);
          boolean follow =
              !LETTERS.matcher(SPECIFIER.matcher(text).replaceAll("")).find()
                  && trees.getElement(given) instanceof VariableElement variable
                  && variable.getKind() == ElementKind.PARAMETER;
          found = filled(found, follow ? resolve(given) : Set.of(VALUE));
        }
        found.forEach(one -> all.add(SPECIFIER.matcher(one).replaceAll(VALUE).replace('\0', '%')));
      }
      return all;
    }

    private static Set<String> filled(Set<String> texts, Set<String> values) {
      Set<String> all = new LinkedHashSet<>();
      for (String text : texts) {
        for (String value : values) {
          all.add(SPECIFIER.matcher(text).replaceFirst(Matcher.quoteReplacement(value)));
        }
      }
      return all;
    }

    private Set<String> returned(ExecutableElement method) {
      if (String.valueOf(method.getEnclosingElement()).equals(FAILURE)) {
        return Set.of(VALUE);
      }
      TreePath path = methods.get(method);
      if (path == null || ((MethodTree) path.getLeaf()).getBody() == null) {
        return component(method);
      }
      if (!isText(method.getReturnType()) || !following.add(method)) {
        return Set.of(VALUE);
      }
      Set<String> all = ends(path);
      following.remove(method);
      return all;
    }

    /// An accessor of a record gives what its constructor was given.
    private Set<String> component(Element accessor) {
      if (accessor.getEnclosingElement() instanceof TypeElement type
          && type.getKind() == ElementKind.RECORD) {
        int index = index(type.getRecordComponents(), accessor.getSimpleName().toString());
        for (Element member : type.getEnclosedElements()) {
          if (index >= 0
              && member instanceof ExecutableElement constructor
              && constructor.getKind() == ElementKind.CONSTRUCTOR
              && constructor.getParameters().size() == type.getRecordComponents().size()) {
            return callers(constructor, index);
          }
        }
      }
      return Set.of(VALUE);
    }

    private static boolean isText(TypeMirror type) {
      return type.toString().endsWith("java.lang.String");
    }

    private Set<String> variable(TreePath path) {
      if (!(trees.getElement(path) instanceof VariableElement variable)) {
        return Set.of(VALUE);
      }
      if (variable.getConstantValue() instanceof String text) {
        return Set.of(text);
      }
      if (!isText(variable.asType())) {
        return Set.of(VALUE);
      }
      if (variable.getKind() == ElementKind.PARAMETER
          && variable.getEnclosingElement() instanceof ExecutableElement executable
          && executable.getParameters().contains(variable)) {
        return callers(executable, executable.getParameters().indexOf(variable));
      }
      return assigned(variable);
    }

    private Set<String> assigned(VariableElement variable) {
      if (variable.getKind() == ElementKind.FIELD
          && variable.getEnclosingElement() instanceof TypeElement type
          && type.getKind() == ElementKind.RECORD) {
        return component(variable);
      }
      Set<String> all = new LinkedHashSet<>();
      if (following.add(variable)) {
        for (TreePath value : assigned.getOrDefault(variable, List.of())) {
          all.addAll(resolve(value));
        }
        following.remove(variable);
      }
      return all.isEmpty() ? Set.of(VALUE) : all;
    }
  }
}
