package org.qrm.inventory;

/**
 * One thing of others in the archive.
 *
 * @param purl its package URL, which names it for every scanner
 * @param license an SPDX expression, or for a Debian package the name of its copyright file
 * @param where the file of the archive that it is, or that it is packed into
 */
record Part(String purl, String group, String name, String version, String license, String where, boolean debian) {

    static Part maven(String group, String name, String version, String license, String where) {
        return new Part("pkg:maven/" + group + "/" + name + "@" + version, group, name, version, license, where, false);
    }
}
