-- The second pass: references (@fig-NAME, [@fig-a; @fig-b], @Fig-name, -@fig-name), links inside the document, and
-- the lists that need every number.

local abbreviations = require("abbreviations")
local numbering = require("numbering")
local problems = require("problems")
local writer = require("writer")

local references = { has_contents = false }

local NBSP = "\u{a0}"
local PLURALS = {
  Figure = "Figures", Table = "Tables", Box = "Boxes", Equation = "Equations",
  Chapter = "Chapters", Section = "Sections", Appendix = "Appendices",
}
local LISTS = { ["list-of-figures"] = "fig", ["list-of-tables"] = "tbl", ["list-of-boxes"] = "box" }
local FILLED = {
  ["list-of-figures"] = true, ["list-of-tables"] = true, ["list-of-boxes"] = true,
  ["list-of-abbreviations"] = true, glossary = true, contents = true, contact = true,
}
local contact = pandoc.Inlines("This edition names no contact. Please ask those who published it.")

-- @Fig-x is the same as @fig-x: names of figures are written with a capital anyway.
local function label_of(id)
  local prefix, rest = id:match("^(%a+)(%-.+)$")
  local low = prefix and prefix:sub(1, 1):lower() .. prefix:sub(2)
  return ({ fig = true, tbl = true, sec = true, eq = true, box = true })[low] and low .. rest or nil
end

-- Quarto numbers displayed formulas, and refers to them, itself.
local function is_ours(id)
  local label = label_of(id)
  return label and not (quarto and label:match("^eq%-"))
end

local function unresolved(id, label)
  local hidden = numbering.hidden[label]
  if hidden then
    problems.add(
      ("'@%s' points into a block that is not shown here (%s). Put the reference into such a block too."):format(label, hidden),
      { search = "@" .. id }
    )
  else
    problems.add(
      ("'@%s' points to nothing: no figure, table or heading has that label."):format(label),
      { search = "@" .. id, label = label }
    )
  end
end

-- The name that several references share and that stands once before them: "Figures 1 and 2".
local function shared_name(citations)
  local name
  for _, citation in ipairs(citations) do
    local target = numbering.labels[label_of(citation.id)]
    if not target or not target.name or (name and target.name ~= name) or citation.mode ~= "NormalCitation"
      or #citation.prefix > 0 or #citation.suffix > 0 then
      return nil
    end
    name = target.name
  end
  return #citations > 1 and name or nil
end

function references.cite(cite)
  local ours = 0
  for _, citation in ipairs(cite.citations) do
    ours = ours + (is_ours(citation.id) and 1 or 0)
  end
  if ours == 0 then
    return nil
  end
  if ours < #cite.citations then
    problems.add(
      "one pair of brackets holds both a citation and a reference to a figure, table or section. Write them apart.",
      { search = "@" .. cite.citations[1].id }
    )
    return {}
  end
  local out = pandoc.Inlines({})
  local shared = shared_name(cite.citations)
  for i, citation in ipairs(cite.citations) do
    local label = label_of(citation.id)
    local target = numbering.labels[label]
    if i > 1 then
      out:extend({ pandoc.Str(i == #cite.citations and " and" or ","), pandoc.Space() })
    end
    out:extend(citation.prefix)
    if #citation.prefix > 0 then
      out:insert(pandoc.Space())
    end
    if target then
      local words = target.words
      if shared then
        words = (i == 1 and PLURALS[shared] .. NBSP or "") .. target.number
      elseif citation.mode == "SuppressAuthor" then
        words = target.number or words
      end
      out:insert(pandoc.Link({ pandoc.Str(words) }, "#" .. label))
    else
      unresolved(citation.id, label)
    end
    out:extend(citation.suffix)
  end
  return out
end

function references.link(link)
  local id = link.target:match("^#(.+)")
  if id and not numbering.labels[id] then
    local hidden = numbering.hidden[id]
    problems.add(
      ("the link to '#%s' points to nothing%s."):format(id, hidden and " that is shown here (" .. hidden .. ")" or ""),
      { search = "#" .. id, label = id }
    )
  end
end

-- Whom to ask about the document: the metadata `contact`, a sentence.
function references.configure(meta)
  contact = meta.contact and pandoc.utils.type(meta.contact) == "Inlines" and meta.contact or contact
end

local function filled(name)
  if LISTS[name] then
    return writer.list(numbering.lists[LISTS[name]])
  elseif name == "contact" then
    return pandoc.Para(contact)
  elseif name ~= "contents" then
    return abbreviations.list(name)
  end
  references.has_contents = true
  return writer.contents()
end

references.handlers = { traverse = "topdown", Cite = references.cite, Link = references.link }

-- Whether a citation or a link is for this pass: most citations are of sources, which pandoc looks after.
function references.concerns(element)
  if element.t == "Link" then
    return element.target:sub(1, 1) == "#"
  end
  for _, citation in ipairs(element.citations) do
    if is_ours(citation.id) then
      return true
    end
  end
  return false
end

-- Lists that follow on one another share a page; the contents have their own heading.
local function shares_page(blocks, i, last)
  local header = blocks[i - 1]
  if last == i - 2 and header.t == "Header" and header.level == 1 then
    writer.on_same_page(header)
  end
end

-- Gives the blocks, and which of them cite sources. `referring`, `citing`: by position, which hold anything for this
-- pass, and for citeproc.
function references.resolve(blocks, referring, citing)
  local out, still_citing, last = pandoc.Blocks({}), {}, nil
  for i, block in ipairs(blocks) do
    local name = referring[i] and block.t == "Div" and FILLED[block.classes[1]] and block.classes[1]
    if name then
      if LISTS[name] then
        shares_page(blocks, i, last)
      end
      last = (LISTS[name] or name == "contents") and i or last
      block = filled(name)
    elseif referring[i] then
      block = block:walk(references.handlers)
    end
    for _, result in ipairs(pandoc.utils.type(block) == "Block" and { block } or block) do
      out:insert(result)
      -- What a list is filled with, such as the words of the glossary, may cite.
      still_citing[#out] = citing[i] or name
    end
  end
  return out, still_citing
end

return references
