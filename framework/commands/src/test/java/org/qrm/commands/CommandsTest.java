package org.qrm.commands;

import static org.junit.Assert.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;
import org.qrm.api.command.PluginCommands;

public class CommandsTest {

    /** A plug-in of that name would hide what the server has, or be hidden by it. */
    @Test
    public void noNounOfTheServerIsLeftToAPlugin() {
        Set<String> nouns = new TreeSet<>(Commands.about().keySet());
        nouns.removeAll(PluginCommands.TAKEN);
        assertEquals(Set.of(), nouns);
    }
}
