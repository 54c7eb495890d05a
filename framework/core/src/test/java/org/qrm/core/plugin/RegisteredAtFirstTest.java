package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Set;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

public class RegisteredAtFirstTest {

    private final Database database = TestDatabase.fresh();
    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<Plugin> board = new Whiteboard<>(calls);
    private final Whiteboard<ConfigurationWizard> wizards = new Whiteboard<>(calls);
    private final PresentPlugins present = new PresentPlugins(board, wizards, calls, Whiteboard.Refusals.UNHEARD);
    private final ActingPlugins acting = new ActingPlugins(database, present);
    private final RegisteredAtFirst first = new RegisteredAtFirst(database, present, acting);
    private final PresentPlugins.Present nfs = new PresentPlugins.Present(new Nfs(), "images on NFS", "1");

    @After
    public void close() {
        calls.close();
        database.close();
    }

    @Test
    public void actsAtOnce() {
        first.register("nfs", nfs);
        assertTrue(acting.stands("nfs", PluginState.REGISTERED));
    }

    @Test
    public void staysAwayWhenAnAdministratorTookItAway() {
        first.register("nfs", nfs);
        remove();
        new RegisteredAtFirst(database, present, acting).register("nfs", nfs);
        acting.look();
        assertFalse(acting.stands("nfs", PluginState.REGISTERED));
    }

    @Test
    public void whatAnAdministratorDidBeforeStays() {
        insert(PluginState.ACTIVE);
        first.register("nfs", nfs);
        acting.look();
        assertTrue(acting.stands("nfs", PluginState.ACTIVE));
    }

    @Test
    public void nobodyWhoIsNotOfTheArchiveRegistersHimself() {
        board.arrived(new Nfs(), 0);
        assertEquals(Set.of("nfs"), present.all().keySet());
        acting.look();
        assertFalse(acting.stands("nfs", PluginState.REGISTERED));
    }

    private void insert(PluginState state) {
        database.change(change -> {
            PluginRows.insert(change.handle(), "nfs", state, nfs);
            return null;
        });
    }

    private void remove() {
        database.change(change -> {
            PluginRows.delete(change.handle(), "nfs");
            return null;
        });
    }

    private static final class Nfs implements Plugin {
        @Override
        public String id() {
            return "nfs";
        }

        @Override
        public String description() {
            return "images on NFS";
        }
    }
}
