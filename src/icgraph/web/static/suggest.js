// Suggestions below search fields, after the WAI-ARIA pattern "editable combobox with list
// autocomplete". Without this script the fields work as any other. Its element names the address
// of suggestions and what the list is called; a field may name one kind of record (data-kind).
"use strict";

{ // a block: a page may name this file twice

const WAIT = 150; // milliseconds without a key before suggestions are asked for
const LEAST = 2; // letters

const { address: ADDRESS, label: LABEL } = document.currentScript.dataset;

class Suggestions {
  constructor(field, number) {
    this.field = field;
    this.active = -1;
    this.found = [];
    this.typed = field.value;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${number}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", LABEL);
    this.list.hidden = true;
    const frame = document.createElement("span");
    frame.className = "suggested";
    field.replaceWith(frame);
    frame.append(field, this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": this.list.id, autocomplete: "off",
    })) field.setAttribute(name, value);
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    // The field keeps the focus while an option is pressed.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(Number(option.dataset.place));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.typed = this.field.value;
    if (this.typed.trim().length < LEAST) return this.close();
    this.timer = setTimeout(() => this.ask(this.typed), WAIT);
  }

  async ask(text) {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = new URL(ADDRESS, location.href);
    address.searchParams.set("q", text);
    if (this.field.dataset.kind) address.searchParams.set("kind", this.field.dataset.kind);
    try {
      const answer = await fetch(address, { signal: this.asking.signal });
      if (!answer.ok) return this.close();
      const { suggestions } = await answer.json();
      if (text === this.field.value && document.activeElement === this.field) this.show(suggestions);
    } catch {
      this.close(); // asked anew, or the network is gone: typing goes on as without suggestions
    }
  }

  show(suggestions) {
    this.found = suggestions;
    this.list.replaceChildren(...suggestions.map((one, place) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.place = place;
      const name = document.createElement("span");
      name.textContent = one.name;
      if (one.language) name.lang = one.language;
      const about = document.createElement("small");
      about.textContent = [one.kindName, one.where].filter(Boolean).join(" · ");
      option.append(name, " ", about);
      return option;
    }));
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.hidden = !suggestions.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.show([]);
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else if (this.field.value.trim().length >= LEAST) this.ask(this.field.value);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.go(this.active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault(); // the first press closes the list, the next one empties the field
      this.close();
    }
  }

  // One step, with a place between the last and the first that is the field itself.
  move(step) {
    const places = this.found.length + 1;
    this.active = (this.active + 1 + step + places) % places - 1;
    for (const option of this.list.children) {
      const chosen = Number(option.dataset.place) === this.active;
      option.setAttribute("aria-selected", String(chosen));
      if (chosen) option.scrollIntoView({ block: "nearest" });
    }
    if (this.active < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  go(place) {
    location.assign(this.found[place].address);
  }
}

document.querySelectorAll("[role=search] input[name=q]:not([role])").forEach((field, number) => {
  new Suggestions(field, number);
});
}
