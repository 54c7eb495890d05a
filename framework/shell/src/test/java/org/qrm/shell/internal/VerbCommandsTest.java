package org.qrm.shell.internal;

import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.PluginCommands;
import org.qrm.api.operation.Operation;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Commands;

public class VerbCommandsTest {

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private volatile boolean there;

    private final class Services extends ApiServices {
        @Override
        public Optional<PluginCommands> pluginCommandsIfPresent() {
            return Optional.of(new PluginCommands() {
                @Override
                public List<Offered> list() {
                    return there
                            ? List.of(new Offered("meter", CommandDescription.changes("reset", "Begins anew.")))
                            : List.of();
                }

                @Override
                public CommandAnswer run(String plugin, String verb, Map<String, Object> input, String user) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Operation submit(String plugin, String verb, Map<String, Object> input, String user) {
                    throw new UnsupportedOperationException();
                }
            });
        }
    }

    private SessionFactory console() {
        Registry registry = (Registry) Proxy.newProxyInstance(
                Registry.class.getClassLoader(), new Class<?>[] {Registry.class}, (proxy, method, arguments) -> {
                    String name = ((Command) arguments[0]).getName();
                    if (method.getName().equals("register")) {
                        names.add(name);
                    } else {
                        names.remove(name);
                    }
                    return null;
                });
        return (SessionFactory) Proxy.newProxyInstance(
                SessionFactory.class.getClassLoader(),
                new Class<?>[] {SessionFactory.class},
                (proxy, method, arguments) -> registry);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(20_000_000);
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    public void whatAPluginBringsIsThereAsLongAsItIs() {
        Services services = new Services();
        Commands described = new Commands(services, null);
        VerbCommands commands = new VerbCommands(described, services, console());
        try {
            assertTrue(names.contains("ve-start"));
            there = true;
            await(() -> names.contains("meter-reset"));
            there = false;
            await(() -> !names.contains("meter-reset"));
            there = true;
            await(() -> names.contains("meter-reset"));
        } finally {
            commands.leave();
        }
        assertTrue("what remains: " + names, names.isEmpty());
    }
}
