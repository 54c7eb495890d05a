package org.qrm.core.store;

/**
 * Tells Derby which index to read a table by. Left alone it scans small tables, and a scan waits for every row that
 * somebody is changing, whether it fits or not. Other databases take it for a comment.
 */
public final class Hint {

    private Hint() {}

    /** To be put behind the table's name in a select. */
    public static String index(String name) {
        return " --DERBY-PROPERTIES index=" + name + "\n";
    }

    /** The same, by the index that a foreign key has. */
    public static String foreignKey(String constraint) {
        return " --DERBY-PROPERTIES constraint=" + constraint + "\n";
    }
}
