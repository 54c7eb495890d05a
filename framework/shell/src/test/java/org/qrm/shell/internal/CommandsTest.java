package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** What every command must have; found by looking at all classes. */
public class CommandsTest {

    private static final Set<String> FREE = Set.of("line", "name", "answers");

    @Test
    public void everyCommandHasItsOwnNameAndSaysWhatItDoes() throws Exception {
        Set<String> names = new HashSet<>();
        for (Class<?> type : commands()) {
            Command command = type.getAnnotation(Command.class);
            assertNotNull(type + " is no @Service", type.getAnnotation(Service.class));
            assertEquals("qrm", command.scope());
            assertNotNull(type + " does not say which role it @Needs", type.getAnnotation(Needs.class));
            assertTrue(command.name() + " is there twice", names.add(command.name()));
            assertTrue(
                    command.name() + " has no description",
                    command.description().endsWith(".") || command.description().length() > 20);
        }
        assertTrue("Only " + names.size() + " commands were found", names.size() > 10);
    }

    @Test
    public void everyIdentifierIsCompleted() throws Exception {
        for (Class<?> type : commands()) {
            for (Field field : fields(type)) {
                Argument argument = field.getAnnotation(Argument.class);
                if (argument != null && !(FREE.contains(field.getName()) && argument.index() == 1)) {
                    assertNotNull(
                            type + " does not complete " + argument.name(), field.getAnnotation(Completion.class));
                }
            }
        }
    }

    @Test
    public void everyCommandRefusesWhoLacksItsRoleBeforeItLooksForItsServices() throws Exception {
        for (Class<?> type : commands()) {
            Role needed = type.getAnnotation(Needs.class).value();
            for (Role role : Role.values()) {
                ShowingCommand command =
                        (ShowingCommand) type.getDeclaredConstructor().newInstance();
                QrmException refused = assertThrows(
                        QrmException.class,
                        () -> AsUser.execute(command, role.name().toLowerCase(Locale.ROOT), "ssh"));
                assertEquals(
                        type + " for " + role,
                        role.covers(needed) ? Problem.Kind.UNAVAILABLE : Problem.Kind.FORBIDDEN,
                        refused.problem().kind());
            }
            ShowingCommand command =
                    (ShowingCommand) type.getDeclaredConstructor().newInstance();
            assertEquals(
                    Problem.Kind.FORBIDDEN,
                    assertThrows(QrmException.class, command::execute).problem().kind());
        }
    }

    @Test
    public void onlyCommandsThatLookAreForViewers() throws Exception {
        for (Class<?> type : commands()) {
            String name = type.getAnnotation(Command.class).name();
            boolean looks =
                    name.matches(".*-(list|show|wait|console|capacity|placement|check|load|wizard|verify|files)");
            Needs needs = type.getAnnotation(Needs.class);
            assertTrue(name, looks || needs.value() != Role.VIEWER && !needs.onlyToLook());
        }
    }

    private static List<Class<?>> commands() throws Exception {
        URL here = ShowingCommand.class.getResource("ShowingCommand.class");
        List<Class<?>> found = new ArrayList<>();
        for (File file :
                new File(here.toURI()).getParentFile().listFiles((directory, name) -> name.endsWith(".class"))) {
            Class<?> type = Class.forName(
                    ShowingCommand.class.getPackageName() + "." + file.getName().replace(".class", ""));
            if (Action.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                found.add(type);
            }
        }
        return found;
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            fields.addAll(List.of(at.getDeclaredFields()));
        }
        return fields;
    }
}
